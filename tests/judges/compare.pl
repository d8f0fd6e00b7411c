#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0
# What a judge said of a disk over two transports, answer by answer.
#
# usage: compare.pl EXPLAINED SCOPE OURS REFERENCE
#
# A list is made of answers: a line that does not begin with a tab, and the
# lines below that do. EXPLAINED has four fields a line, separated by tabs:
# scope (any, or one of the callers'), a regex for the name of an answer, a regex
# that each line must match which only one of the two has, and the reason.
#
# Prints a line for each answer that is not the same on both, "explained NAME:
# REASON" or "differs NAME: LINES", one "stale ENTRY" for each reason that
# was not needed, and at the end "same N of M". Exit 1: something differs.
use strict;
use warnings;

die "usage: compare.pl EXPLAINED SCOPE OURS REFERENCE\n" if @ARGV != 4;
my ($explained, $scope, @lists) = @ARGV;

# What comes before the last ": " is the name, what follows the first line.
sub read_list {
	my ($path) = @_;
	my (%list, %asked, @order, $name);

	open(my $fh, '<', $path) or die "$path: $!\n";
	while (my $line = <$fh>) {
		chomp $line;
		if ($line =~ /^\t(.*)/) {
			die "$path:$.: a line of no answer\n" if !defined $name;
			push @{ $list{$name} }, $1;
			next;
		}
		($name, my $first) = $line =~ /^(.*): (.*)$/ or
			die "$path:$.: no answer: $line\n";
		# The same question may be asked twice.
		$name .= " #$asked{$name}" if ++$asked{$name} > 1;
		$list{$name} = [$first];
		push @order, $name;
	}
	close $fh;
	return (\%list, \@order);
}

sub read_reasons {
	my @reasons;

	open(my $fh, '<', $explained) or die "$explained: $!\n";
	while (my $line = <$fh>) {
		chomp $line;
		next if $line =~ /^(#|$)/;
		my ($where, $name, $lines, $why) = split /\t+/, $line;
		die "$explained:$.: four fields\n" if !defined $why;
		next if $where ne 'any' && $where ne $scope;
		push @reasons, { name => qr/^(?:$name)$/, why => $why,
			lines => qr/$lines/, used => 0, entry => $name };
	}
	close $fh;
	return @reasons;
}

# The lines that one of two answers has and the other has not.
sub only_one {
	my ($a, $b) = @_;
	my %count;

	$count{$_}++ for @$a;
	$count{$_}-- for @$b;
	return map { ($count{$_} > 0 ? '+' : '-') . $_ }
		grep { $count{$_} } sort keys %count;
}

my ($mine, $order) = read_list($lists[0]);
my ($theirs, $their_order) = read_list($lists[1]);
my @reasons = read_reasons();
my ($same, $differ) = (0, 0);

for my $name (@$order, grep { !$mine->{$_} } @$their_order) {
	my @lines = $mine->{$name} && $theirs->{$name} ?
		only_one($mine->{$name}, $theirs->{$name}) :
		$mine->{$name} ? '+only ours has it' : '-only theirs has it';

	if (!@lines) {
		$same++;
		next;
	}
	my ($reason) = grep {
		my $r = $_;
		$name =~ $r->{name} && !grep { $_ !~ $r->{lines} } @lines
	} @reasons;
	if ($reason) {
		$reason->{used}++;
		print "explained $name: $reason->{why}\n";
		next;
	}
	$differ++;
	print "differs $name: ", join(' | ', @lines), "\n";
}
for my $reason (grep { !$_->{used} } @reasons) {
	$differ++;
	print "stale $reason->{entry}: nothing differs there\n";
}
print "same $same of ", scalar(@$order), "\n";
exit($differ ? 1 : 0);
