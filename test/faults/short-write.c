/*
 * Preloaded into a server: two of three writes at a place (pwrite64) write only a part of what they are given, as
 * the system may do with any of them. How many did is told in the file that SHORT_WRITES names, as its size.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_uint calls;
static atomic_int tally = -1;

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t at)
{
  unsigned call = atomic_fetch_add(&calls, 1);
  if (count < 2 || call % 3 == 0) return syscall(SYS_pwrite64, file, bytes, count, at);
  if (tally == -1) tally = open(getenv("SHORT_WRITES"), O_WRONLY | O_APPEND | O_CREAT, 0600);
  if (tally >= 0) (void)!write(tally, ".", 1);
  return syscall(SYS_pwrite64, file, bytes, 1 + call * 2654435761u % (count - 1), at);
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t at)
{
  return pwrite64(file, bytes, count, at);
}
