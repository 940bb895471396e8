package io.meshwork.walk;

/**
 * An order as a walk over rollouts knows it, in whichever form a version stores it.
 *
 * @param cents the price in cents, which some versions store in euros
 */
record Order(long id, String region, String name, long cents) implements Comparable<Order> {
  @Override
  public int compareTo(Order other) {
    int byId = Long.compare(id, other.id);
    return byId != 0 ? byId : toString().compareTo(other.toString());
  }

  /** Returns it without what a right may hide. */
  Order withoutName() {
    return new Order(id, region, "", cents);
  }

  /** Returns it as a program writes it. */
  String code() {
    return "new Order(" + id + ", \"" + region + "\", \"" + name + "\", " + cents + ")";
  }

  @Override
  public String toString() {
    return id + region + cents;
  }
}
