package io.meshwork.internal.mirror;

import io.meshwork.event.MeshEvent;
import java.time.Duration;
import java.util.List;

/**
 * Tells which events happened that mirrors show. A message can come twice, late, or not at all:
 * what it says is a reason to look into the registry, and nothing more. Thread-safe.
 */
public interface ChangeQueue {
  /**
   * A message of the queue.
   *
   * @param receipt by which it is removed
   * @param type what happened
   * @param subject the product or the domain, as the message has it
   */
  record Change(String receipt, MeshEvent.Type type, String subject) {}

  /**
   * Returns messages, which come again later unless they are removed.
   *
   * @param wait the longest wait for the first one
   * @return some of them; empty if there are none
   * @throws io.meshwork.error.MeshException if there is no queue, or it cannot be read
   */
  List<Change> receive(Duration wait);

  /** Removes messages. */
  void remove(List<Change> changes);
}
