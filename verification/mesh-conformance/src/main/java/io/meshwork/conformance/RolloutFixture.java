package io.meshwork.conformance;

import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.registry.Registry.Document;
import io.meshwork.registry.Registry.Key;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.StartRollout;
import java.time.Period;
import java.util.Objects;
import java.util.Optional;

/** The orders, and an incompatible contract of theirs. */
abstract class RolloutFixture extends AmendmentFixture {
  /** Orders whose customer has another name, and whose amount is in cents. */
  static final class Cents {
    private Cents() {}

    record Order(long id, String buyer, long cents, Optional<String> note) {}
  }

  /** What a consumer of the new contract reads. */
  record Buyers(String buyer) {}

  static final String REASON = "Amounts are in cents";

  static final Contract OLD = FIRST.noticePeriod(Period.ofDays(30));

  static final Contract NEXT = Contract.of(Cents.Order.class).noticePeriod(Period.ofDays(30));

  /** Orders with the notice period, and some rows. */
  final MeshClient shopWithRows() {
    MeshClient shop = defineOrders(OLD);
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    return shop;
  }

  static StartRollout rollOut(MeshClient shop) {
    return shop.rollOut(ORDERS).contract(NEXT).renaming("customer", "buyer").because(REASON);
  }

  /** A rollout without history that is active. */
  static Rollout inParallel(MeshClient shop) {
    return rollOut(shop).withoutHistory("Old orders have no cents").commit().activate().commit();
  }

  /** A document of the orders. */
  final Document document(String sort) {
    return Objects.requireNonNull(registry.documents().get(new Key("commerce/orders", sort)), sort);
  }
}
