# SPDX-License-Identifier: GPL-2.0
# Input: all rows. Output: one sentence for each promise that a row breaks.
def sum: .reg_reads_per_io + .reg_writes_per_io + .irqs_per_io;
def over($what; $value; $max):
  if $value > $max then
    "\(.chip) \(.rw) depth \(.depth): \($value) \($what) per I/O, budget \($max)"
  else empty end;
. as $rows
| ( .[] | select(.target == "isp" and .rw == "read" and .depth == 1)
    | over("register writes"; .reg_writes_per_io; 5),
      over("register reads"; .reg_reads_per_io; 1),
      over("interrupts"; .irqs_per_io; 2) ),
  ( .[] | select(.target == "isp" and .depth == 1) | . as $ours
    | [ $rows[]
        | select(.target == "stock" and .depth == 1 and .chip == $ours.chip
                 and .rw == $ours.rw) ]
    | if length != 1 then
        "\($ours.chip) \($ours.rw) depth 1: \(length) rows of the stock target to compare with"
      elif ($ours | sum) > (.[0] | sum) then
        "\($ours.chip) \($ours.rw) depth 1: ours needs \($ours | sum) accesses, stock \(.[0] | sum)"
      else empty end )
