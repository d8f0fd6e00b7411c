#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0
# Reads mutants.txt.
#   apply.pl LIST                names, one a line
#   apply.pl LIST NAME DRIVER    changes DRIVER, prints the file and what breaks
use strict;
use warnings;

my ($list, $name, $driver) = @ARGV;
my (@mutants, $m);

open(my $in, '<', $list) or die "$list: $!\n";
while (my $line = <$in>) {
	chomp $line;
	next if $line =~ /^#/;
	if ($line =~ /^name: (\S+)$/) {
		$m = { name => $1, at => 0 };
		push @mutants, $m;
	} elsif ($line =~ /^(file|what|at): (.+)$/) {
		$m->{$1} = $2;
	} elsif ($line =~ /^([-+])\s*(.*?)\s*$/) {
		$m->{$1} = $2;
	} elsif ($line =~ /\S/) {
		die "$list:$.: not understood: $line\n";
	}
}

if (!defined $name) {
	print "$_->{name}\n" for @mutants;
	exit 0;
}

my @found = grep { $_->{name} eq $name } @mutants;
die "$name: ", scalar @found, " records\n" if @found != 1;
$m = $found[0];
for my $key ('file', 'what', '-', '+') {
	die "$name: no '$key'\n" if !defined $m->{$key};
}

my $path = "$driver/$m->{file}";
open(my $src, '<', $path) or die "$name: $path: $!\n";
my @lines = <$src>;
close $src;
my @at = grep { $lines[$_] =~ /^\s*\Q$m->{'-'}\E\s*$/ } 0 .. $#lines;
my $nr = @at;
die "$name: the line is there $nr times\n" if $nr == 0 || (!$m->{at} && $nr > 1) || $m->{at} > $nr;
my $k = $at[$m->{at} ? $m->{at} - 1 : 0];
$lines[$k] =~ s/^(\s*).*$/$1$m->{'+'}/;
open(my $out, '>', $path) or die "$name: $path: $!\n";
print $out @lines;
close $out;
print "$m->{file}\t$m->{what}\n";
