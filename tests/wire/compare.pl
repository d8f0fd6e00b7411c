#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0
# Compares three descriptions of the hardware by name; prints TAP.
# usage: compare.pl MAP MODEL DRIVER STOCK
#   MAP     rows: model STRUCT.field, driver, stock; "-" where a side has none;
#           several driver fields for one of the model are joined by commas;
#           a fourth column exempts all but the offset and says why
#   MODEL   ispsim --dump-spec
#   DRIVER  layout.pl of driver/hw, and "macro TAB NAME TAB offset" lines
#   STOCK   layout.pl of a stock qla2xxx.ko
use strict;
use warnings;

my ($map_file, $model_file, $driver_file, $stock_file) = @ARGV;

# Parts of other structures, checked wherever those are used; what is FC or
# SCSI and not this chip's (isp_ct_*, FCP_RSP) is none of this test's business.
my $parts = qr/^isp24_(?:fc_hdr|fc_hdr_le|seg|hdr|fcp_rsp)$/;

sub lines {
	my ($file) = @_;
	open(my $fh, '<', $file) or die "$file: $!\n";
	return map { chomp; [split /\t/, $_, -1] }
		grep { !/^(?:#|\s*$)/ } <$fh>;
}

sub layout {
	my ($file) = @_;
	my %l;
	for (lines($file)) {
		my ($struct, $path, $off, $size, $order) = @$_;
		# Unnamed members repeat the name of what holds them.
		my $name = $path eq '' ? $struct : "$struct.$path";
		$l{$name} //= { off => hex $off, size => $size,
					  order => $order };
	}
	return \%l;
}

my (%model, @model_names);
for (lines($model_file)) {
	my (undef, $struct, $field, $off, $width, $order) = @$_;
	$model{"$struct.$field"} = { off => hex $off, size => $width,
				     order => $order };
	push @model_names, "$struct.$field";
}
my $driver = layout($driver_file);
my $stock = layout($stock_file);

my (%seen_model, %seen_driver, @bad);
my ($three, $two) = (0, 0);

sub differs {
	my ($what, $x, $y, $name, $exempt) = @_;
	return "$name is at " . sprintf('%x', $y->{off}) . ", $what at " .
		sprintf('%x', $x->{off}) if $x->{off} != $y->{off};
	# A macro has an offset and no more.
	return '' unless defined $y->{size};
	return '' if $exempt;
	return "$name has $y->{size} bytes, $what $x->{size}"
		if $x->{size} != $y->{size};
	my $orders = join ' ', sort grep { /^[lb]e$/ } $x->{order}, $y->{order};
	return "$name and $what differ in byte order"
		if $orders eq 'be le';
	return '';
}

sub driver_fields {
	my ($list) = @_;
	my @f;
	for my $d (split /,/, $list) {
		if ($d =~ s/^\*\.//) {
			push @f, grep { /^isp24_\w+\.\Q$d\E$/ } keys %$driver;
		} else {
			push @f, $d;
		}
	}
	return @f;
}

for (lines($map_file)) {
	my ($m, $d, $s, $exempt) = @$_;
	my @sides;
	if ($m ne '-') {
		$seen_model{$m}++;
		push @bad, "the model has no $m" unless $model{$m};
		push @sides, [$m, $model{$m}] if $model{$m};
	}
	if ($s ne '-') {
		push @bad, "stock has no $s" unless $stock->{$s};
		push @sides, [$s, $stock->{$s}] if $stock->{$s};
	}
	for my $f ($d eq '-' ? () : driver_fields($d)) {
		$seen_driver{$f}++;
		push @bad, "the driver has no $f" unless $driver->{$f};
		push @sides, [$f, $driver->{$f}] if $driver->{$f};
	}
	my $nr = ($m ne '-') + ($d ne '-') + ($s ne '-');
	push @bad, "$m $d $s: one side alone" if $nr < 2 && $m eq '-';
	$three++ if $nr == 3;
	$two++ if $nr == 2;
	for my $i (1 .. $#sides) {
		my $why = differs($sides[0][0], $sides[0][1], $sides[$i][1],
				  $sides[$i][0], $exempt);
		push @bad, $why if $why;
	}
}

my @unmapped = grep { !$seen_model{$_} } @model_names;
my @twice = grep { $seen_model{$_} > 1 } sort keys %seen_model;
my @forgotten;
for my $f (sort keys %$driver) {
	my ($struct, $path) = split /\./, $f, 2;
	next if $struct !~ /^isp24_/ || $struct =~ $parts;
	next if $path =~ /(?:^|\.)rsvd_|\[\d+\]|(?:^|\.)hdr$/;
	next if $seen_driver{$f};
	# Covered by its members, or a copy of the plain control block.
	next if grep { /^\Q$f\E[.\[]/ } keys %seen_driver;
	next if $f =~ /^isp24_icb_mid\.icb(?:\.|$)/;
	push @forgotten, $f;
}

my $nr = 0;
my $failed = 0;

sub test {
	my ($sentence, @why) = @_;
	$nr++;
	$failed++ if @why;
	print "# $_\n" for @why;
	print @why ? 'not ' : '', "ok $nr - $sentence\n";
}

test("$three fields agree three ways, $two two ways", @bad);
test('every field of the model is in the map',
     (map { "$_ is not in the map" } @unmapped),
     (map { "$_ is there twice" } @twice));
test("every field of the driver's entries is in the map",
     map { "$_ is not in the map" } @forgotten);
print "1..$nr\n";
exit($failed ? 1 : 0);
