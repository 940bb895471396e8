package io.meshwork.walk;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.product.Classification;
import io.meshwork.product.Principal;
import java.util.List;

/**
 * Rights that principals lost: those of an account that left a domain, and those to a column that
 * was classified later. For one thread.
 *
 * @param objects gets the open subscriptions
 */
record LostRights(Mesh mesh, SecretValues secrets, KnownObjects objects, Principal principal) {
  static final String STAFF = "shop/staff";
  private static final String FORMER = "former";

  /** Registered a domain that its account left. */
  static final Principal REGISTRAR = Principal.of("first", "lead");

  /** Administers that domain now. */
  static final Principal HEIR = Principal.of(FORMER, "lead");

  /** The account of a principal that is asked acts for a domain, and then for another one. */
  void move() {
    mesh.clientAs(REGISTRAR)
        .registerDomain(FORMER)
        .accounts(REGISTRAR.account(), FORMER, World.MEMBER.account())
        .owner("former@x")
        .administrators(HEIR)
        .deciders(HEIR)
        .commit();
    Subscription<?> held = subscribe(World.MEMBER);
    mesh.clientAs(HEIR).registerDomain(FORMER).accounts(FORMER).commit();
    mesh.clientAs(World.MEMBER).registerDomain("other").owner("other@x").commit();
    if (principal.equals(World.MEMBER)) {
      objects.addSubscription(held);
    }
  }

  private Subscription<?> subscribe(Principal principal) {
    return mesh.clientAs(principal)
        .subscribe(ShopProducts.OPEN)
        .name("held")
        .purpose("p")
        .contact("former@x")
        .commit();
  }

  /** The domain goes on consuming without that account. */
  void consume() {
    if (secrets.isOther(Secret.OTHER_SUBSCRIPTION)) {
      try (Batch<?> batch = subscribe(HEIR).poll()) {
        batch.forEach(row -> {});
        batch.ack();
      }
    }
  }

  /**
   * Rows and subscriptions are granted by a column, and then only the owner may read it.
   *
   * @return a subscription by that column
   */
  Subscription<?> classify() {
    MeshClient shop = mesh.clientAs(ShopProducts.OWNER);
    shop.defineProduct(STAFF).contract(Contract.of(ShopProducts.Person.class)).commit();
    shop.grant(STAFF)
        .columns("id")
        .rows("email = 'staff-one'")
        .to(World.ROWS)
        .because("rows")
        .commit();
    shop.grant(STAFF).columns("id", "email").to(World.COLUMNS).because("columns").commit();
    Subscription<?> open =
        mesh.clientAs(World.COLUMNS)
            .subscribe(STAFF)
            .name("staff")
            .purpose("p")
            .contact("own@x")
            .columns("id")
            .where("email = 'staff-one'")
            .asMaps()
            .commit();
    if (principal.equals(World.COLUMNS)) {
      objects.addSubscription(open);
    }
    shop.amendContract(STAFF)
        .change(current -> current.classification(Classification.RESTRICTED, "email"))
        .commit();
    String email = secrets.text(Secret.HIDDEN_VALUES, "staff-");
    shop.publish(STAFF).records(List.of(new ShopProducts.Person(1, email))).commit();
    return open;
  }
}
