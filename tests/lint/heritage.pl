#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0
# doc/heritage-tests.md: each defect names a test, and that test exists.
#
# In the last column of a table stands `FILE: WORDS`, once or more, where FILE
# holds WORDS, or "pending:" with what is missing.
use strict;
use warnings;

my $doc = 'doc/heritage-tests.md';
my $rows = 0;
my %text;

sub words_of {
	my ($file) = @_;

	if (!exists $text{$file}) {
		$text{$file} = '';
		if (open my $fh, '<', $file) {
			local $/;
			$text{$file} = <$fh>;
			close $fh;
		}
	}
	return $text{$file};
}

open my $fh, '<', $doc or die "$doc: $!\n";
while (my $line = <$fh>) {
	next unless $line =~ /^\|/;
	next if $line =~ /^\|-|^\| defect /;
	my @cells = split /\s*\|\s*/, $line;
	my $last = $cells[2] // '';
	my @tests = $last =~ /`([^`:]+: [^`]+)`/g;

	$rows++;
	print "$doc:$.: neither a test nor pending:\n"
		unless @tests || $last =~ /pending: \S/;
	for my $test (@tests) {
		my ($file, $words) = $test =~ /^([^:]+): (.*)$/;

		if (!-f $file) {
			print "$doc:$.: there is no $file\n";
		} elsif (index(words_of($file), $words) < 0) {
			print "$doc:$.: $file does not say '$words'\n";
		}
	}
}
close $fh;
print "$doc: no rows\n" unless $rows;
