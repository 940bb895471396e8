package io.meshwork.internal.mirror;

import io.meshwork.event.MeshEvent;
import java.time.Duration;
import java.util.List;

/**
 * The messages about events that change what mirrors show. A message can come twice, late, or not
 * at all: it is only a reason to read the registry. Thread-safe.
 */
public interface ChangeQueue {
  /** The longest wait for a message, which is Amazon SQS's. */
  Duration LONGEST_WAIT = Duration.ofSeconds(20);

  /**
   * A message of the queue.
   *
   * @param receipt identifies the message when it is removed
   * @param type what happened
   * @param subject the product or the domain, as the message has it
   */
  record Change(String receipt, MeshEvent.Type type, String subject) {}

  /**
   * Returns messages, which come again later unless they are removed.
   *
   * @param wait the longest wait for the first one, at most {@link #LONGEST_WAIT}
   * @return some of them; empty if there are none
   * @throws io.meshwork.error.MeshException if the queue does not exist or cannot be read
   */
  List<Change> receive(Duration wait);

  /**
   * Returns the change that a message is about; UNKNOWN if it is not an event of the mesh.
   *
   * @param receipt identifies the message
   * @param body the text of the message
   */
  Change change(String receipt, String body);

  /** Removes messages. */
  void remove(List<Change> changes);
}
