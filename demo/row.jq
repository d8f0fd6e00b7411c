# SPDX-License-Identifier: GPL-2.0
# One row of the demo's table from two raw counter snapshots of a port.
# Divisor: FCP commands completed at that port. Every register counts.
def port: .[0].ports["target.0"];
($after | port) as $a | ($before | port) as $b
| ($a.fcp_cmds_tgt - $b.fcp_cmds_tgt) as $n
| if $n <= 0 then error("no FCP command completed") else . end
| $fio.jobs[0][$rw] as $io
| {
    target: $target, chip: $chip, rw: $rw, bs: 4096, depth: $depth,
    iops: $io.iops, mb_per_s: ($io.bw_bytes / 1000000),
    reg_reads_per_io: (($a.reg_reads_total - $b.reg_reads_total) / $n),
    reg_writes_per_io: (($a.reg_writes_total - $b.reg_writes_total) / $n),
    irqs_per_io: (($a.irqs_total - $b.irqs_total) / $n),
    before: $bfile, after: $afile
  }
