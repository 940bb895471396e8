package io.meshwork.internal.consume;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Protects an object that is not thread-safe: rejects a second thread while another one is using
 * it. Using it from different threads in turn is allowed.
 */
final class ThreadGuard {
  private final MeshAction action;
  private final String fix;
  private final AtomicReference<@Nullable Thread> inside = new AtomicReference<>();

  /**
   * Creates a guard of one object.
   *
   * @param action the action for the message, such as {@code read commerce/orders}
   * @param fix what to do instead, as a sentence
   */
  ThreadGuard(MeshAction action, String fix) {
    this.action = action;
    this.fix = fix;
  }

  /**
   * Starts a use; {@link #exit} must follow.
   *
   * @throws InvalidRequestException ({@code CONCURRENT_USE}) if a thread, even this one, is using
   *     the object
   */
  void enter() {
    Thread first = inside.compareAndExchange(null, Thread.currentThread());
    if (first != null) {
      throw refused(first);
    }
  }

  /**
   * Checks that no thread is using the object; for methods that only read a field or two, because
   * it is cheaper than {@link #enter}.
   *
   * @throws InvalidRequestException ({@code CONCURRENT_USE}) if a thread, even this one, is using
   *     the object
   */
  void check() {
    Thread first = inside.getAcquire();
    if (first != null) {
      throw refused(first);
    }
  }

  private InvalidRequestException refused(Thread first) {
    return Failure.of(action.on("from thread '" + Thread.currentThread().getName() + "'"))
        .because(
            "thread '" + first.getName() + "' is using the same object, which is not thread-safe")
        .fix(fix)
        .invalidRequest(ErrorCode.CONCURRENT_USE);
  }

  void exit() {
    inside.setRelease(null);
  }
}
