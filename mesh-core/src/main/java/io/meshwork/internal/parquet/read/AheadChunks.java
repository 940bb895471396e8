package io.meshwork.internal.parquet.read;

import io.meshwork.internal.parquet.read.AdjacentChunks.ByteRange;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.iceberg.io.RangeReadable;

/**
 * Requests the first bytes of the column chunks of the next row group while one is decoded, because
 * a request to an object store takes long. What has not started when the row group is reached, or
 * fails, is requested again then. Not thread-safe.
 */
final class AheadChunks {
  /** The most bytes to request ahead. */
  static final long MAX_BYTES = 32L << 20;

  private final String file;
  private final RangeReadable in;
  private final Executor executor;
  private final List<Request> requests = new ArrayList<>();
  private int group = -1;

  AheadChunks(String file, RangeReadable in, Executor executor) {
    this.file = file;
    this.in = in;
    this.executor = executor;
  }

  /** Returns true if the row group was requested, possibly in part. */
  boolean isRequested(int number) {
    return group == number;
  }

  /**
   * Requests a row group.
   *
   * @param number the number of the row group
   * @param parts the first bytes of its chunks, of which some at the end are left out if they are
   *     too many
   */
  void request(int number, List<ByteRange> parts) {
    close();
    group = number;
    List<ByteRange> some = new ArrayList<>();
    long bytes = 0;
    for (ByteRange part : parts) {
      bytes += part.length();
      if (bytes > MAX_BYTES) {
        break;
      }
      some.add(part);
    }
    for (ByteRange range : AdjacentChunks.together(some)) {
      Request request = new Request(range);
      try {
        executor.execute(request);
        requests.add(request);
      } catch (RuntimeException e) {
        return; // The executor rejects tasks or fails: the rest is requested when it is needed.
      }
    }
  }

  /**
   * Gives the chunks of a row group their bytes, once the requests that have started have ended.
   */
  void giveTo(int number, List<ChunkBytes> chunks) {
    if (group == number) {
      requests.forEach(request -> request.giveTo(chunks));
    }
    close();
  }

  /** Drops requests; those that have started end without effect. */
  void close() {
    requests.forEach(Request::drop);
    requests.clear();
    group = -1;
  }

  /** A request that runs once, unless it is dropped before. */
  private final class Request implements Runnable {
    private final ByteRange range;
    private final FutureTask<byte[]> task;
    private final AtomicBoolean claimed = new AtomicBoolean();

    Request(ByteRange range) {
      this.range = range;
      this.task = new FutureTask<>(() -> range.read(file, in));
    }

    @Override
    public void run() {
      if (claimed.compareAndSet(false, true)) {
        task.run();
      }
    }

    void drop() {
      claimed.set(true);
    }

    void giveTo(List<ChunkBytes> chunks) {
      if (claimed.compareAndSet(false, true)) {
        return;
      }
      boolean interrupted = false;
      while (true) {
        try {
          range.giveTo(chunks, task.get());
          break;
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          break; // The same request fails again where it is needed, or succeeds.
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
