#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0
# apply.pl LIST            prints the number of mutants
# apply.pl LIST N          prints sentence, file and first test of mutant N
# apply.pl LIST N DRIVER   breaks that file below DRIVER
use strict;
use warnings;

my ($list, $nr, $dir) = @ARGV;
my @mutant;

open my $in, '<', $list or die "$list: $!\n";
while (my $line = <$in>) {
	chomp $line;
	next if $line =~ /^#|^\s*$/;
	my ($what, $text) = $line =~ /^([=@\-+!*])\s*(.*?)\s*$/
		or die "$list:$.: not understood\n";
	if ($what eq '=') { push @mutant, { '=' => $text } }
	else { $mutant[-1]{$what} = $text }
}
close $in;
if (!defined $nr) {
	print scalar @mutant, "\n";
	exit 0;
}
my $m = $mutant[$nr - 1];
if (!defined $dir) {
	print "$m->{'='}\n$m->{'@'}\n", $m->{'*'} // '', "\n";
	exit 0;
}
my $path = "$dir/$m->{'@'}";
open my $src, '<', $path or die "$path: $!\n";
my @lines = <$src>;
close $src;
my @hits = grep { $lines[$_] =~ /^\s*\Q$m->{'-'}\E\s*$/ } 0 .. $#lines;
# "! N": the Nth of several equal lines; else there must be one.
my $want = $m->{'!'} // 1;
if (!@hits || (@hits > 1 && !defined $m->{'!'}) || $want > @hits) {
	print STDERR "$path: line found ", scalar @hits, " times: $m->{'-'}\n";
	exit 1;
}
my ($indent) = $lines[$hits[$want - 1]] =~ /^(\s*)/;
$lines[$hits[$want - 1]] = "$indent$m->{'+'}\n";
open my $out, '>', $path or die "$path: $!\n";
print $out @lines;
close $out;
