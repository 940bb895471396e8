package io.meshwork.notice;

/**
 * What a delivery of notices did. Immutable.
 *
 * @param delivered notices that were handed over
 * @param failed notices that a notifier threw for, to be tried again later
 * @param parked notices that were given up after the last try; the doctor names them
 */
public record Delivered(long delivered, long failed, long parked) {
  /** Nothing was due. */
  public static final Delivered NOTHING = new Delivered(0, 0, 0);

  /** Both together. */
  public Delivered plus(Delivered other) {
    return new Delivered(delivered + other.delivered, failed + other.failed, parked + other.parked);
  }
}
