package io.meshwork.examples.rollout;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Subscribe.SubscriptionPlan;
import io.meshwork.consume.Subscription;
import io.meshwork.product.Principal;
import java.util.TreeSet;

/** A job of another domain that polls the orders, first version 1 and later version 2. */
final class ConsumerJob {
  private final String domain;
  private final String name;
  private final MeshClient client;
  private final TreeSet<String> polled = new TreeSet<>();
  private Subscription<?> subscription;

  /** Registers the domain, and subscribes to version 1. */
  ConsumerJob(Mesh mesh, String domain, String name) {
    this.domain = domain;
    this.name = name;
    this.client = mesh.clientAs(Principal.of(domain, "job"));
    client.registerDomain(domain).owner(contact()).commit();
    this.subscription =
        client
            .subscribe(Rollout.ORDERS)
            .name(name)
            .purpose("Job " + name)
            .contact(contact())
            .as(Rows.Order.class)
            .commit();
  }

  String contact() {
    return name + "@" + domain + ".example.org";
  }

  /** The name of its subscription in its domain. */
  String name() {
    return name;
  }

  MeshClient client() {
    return client;
  }

  /** Processes all new rows. */
  void poll() {
    boolean more = true;
    while (more) {
      try (Batch<?> batch = subscription.poll()) {
        more = !batch.isEmpty();
        for (Object row : batch) {
          add(row);
        }
        if (more) {
          batch.ack();
        }
      }
    }
  }

  /** A row that was processed already would be an error of the mesh. */
  private void add(Object row) {
    String id =
        row instanceof Rows.Order order ? order.orderId() : ((Rows.OrderInCents) row).orderId();
    if (!polled.add(id)) {
      throw new IllegalStateException(this + " received order " + id + " twice");
    }
  }

  /** The orders that it has processed, in order of their IDs. */
  TreeSet<String> polled() {
    return polled;
  }

  /** Reads version 2 with the code of this job, and compares. */
  SubscriptionPlan plan() {
    return client
        .subscribe(Rollout.ORDERS)
        .name(name)
        .majorVersion(2)
        .as(Rows.OrderInCents.class)
        .plan();
  }

  /** Moves the subscription with its position to version 2. */
  void move() {
    subscription =
        client
            .subscribe(Rollout.ORDERS)
            .name(name)
            .majorVersion(2)
            .as(Rows.OrderInCents.class)
            .commit();
  }

  @Override
  public String toString() {
    return domain + "/" + name;
  }
}
