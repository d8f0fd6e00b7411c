#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0
# Each function of the driver that other files may call has kernel-doc.
use strict;
use warnings;

my @files = grep { -f } split /\n/,
	`git ls-files -co --exclude-standard 'driver/*.c' 'driver/*.h'`;
my (%doc, %static);

for my $file (@files) {
	open my $in, '<', $file or die "$file: $!";
	local $/;
	my $text = <$in>;
	close $in;
	$doc{$1} = 1 while $text =~ m{^ \* (\w+)\(\) - }mg;
	next unless $file =~ /\.c$/;
	# A definition: a name at the left margin, its body's brace alone.
	while ($text =~ /^((?:[a-z_][\w \*]*?[ \*])?)(\w+)\(([^;{}]*?)\)\n\{/mg) {
		my ($type, $name) = ($1, $2);
		next if $type =~ /\bstatic\b/ || $type eq '';
		push @{ $static{$name} }, $file;
	}
}
for my $name (sort keys %static) {
	next if $doc{$name} || $name =~ /^(init|cleanup)_module$/;
	print "$static{$name}[0]: $name() has no kernel-doc\n";
}
