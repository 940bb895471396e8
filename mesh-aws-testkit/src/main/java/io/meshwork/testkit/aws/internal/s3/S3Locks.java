package io.meshwork.testkit.aws.internal.s3;

import io.meshwork.testkit.aws.internal.access.S3Operation;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Runs the writes of one key of S3 one after the other: moto checks the condition of a write, and
 * then writes, without a lock. Thread-safe.
 */
public final class S3Locks {
  private static final int STRIPES = 256;
  private static final Set<String> WRITES =
      Set.of("PutObject", "CopyObject", "CompleteMultipartUpload", "DeleteObject");

  private final Lock[] stripes = new Lock[STRIPES];

  public S3Locks() {
    for (int i = 0; i < STRIPES; i++) {
      stripes[i] = new ReentrantLock();
    }
  }

  /** Waits until no other write of the key of this operation runs; reads do not wait. */
  public Guard acquire(S3Operation operation) throws InterruptedException {
    if (!WRITES.contains(operation.name())) {
      return () -> {};
    }
    String object = operation.bucket() + "/" + operation.key();
    Lock stripe = stripes[Math.floorMod(object.hashCode(), STRIPES)];
    stripe.lockInterruptibly();
    return stripe::unlock;
  }

  /** Lets the next write start when it is closed, by the thread that acquired it. */
  public interface Guard extends AutoCloseable {
    @Override
    void close();
  }
}
