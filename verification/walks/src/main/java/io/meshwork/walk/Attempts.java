package io.meshwork.walk;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Subscription;
import io.meshwork.error.MeshException;
import io.meshwork.product.Principal;
import io.meshwork.rollout.StewardRequest;
import java.util.ArrayList;
import java.util.List;

/** What principals try although they may not. For one thread. */
final class Attempts {
  /** A steward whose account acts for the domain of the products. */
  private static final Principal OWN_STEWARD = Principal.of("shop-b", "steward");

  private static final Principal LATECOMER = Principal.of("late", "job");

  private final Mesh mesh;
  private final List<String> accepted = new ArrayList<>();

  Attempts(Mesh mesh) {
    this.mesh = mesh;
  }

  /** Returns what was not refused. */
  List<String> accepted() {
    return accepted;
  }

  private void attempt(String what, Runnable act) {
    try {
      act.run();
      accepted.add(what);
    } catch (MeshException e) {
      // As it must be.
    }
  }

  /** A domain for an unused account makes no steward. */
  void beforeTheFirstSteward(Principal first) {
    MeshClient late = mesh.clientAs(LATECOMER);
    late.registerDomain("late").accounts("nobody").owner("late@x").commit();
    attempt(
        "who registers a domain for others appoints the first steward",
        () -> {
          late.governance().appoint(LATECOMER).commit();
          late.governance().appoint(first).commit();
        });
  }

  /** What a role that registered a domain may not do after its account left. */
  void govern() {
    Principal friend = Principal.of(LostRights.HEIR.account(), "friend");
    MeshClient registrar = mesh.clientAs(LostRights.REGISTRAR);
    attempt(
        "the registrar of a domain replaces its administrators after its account left",
        () -> registrar.registerDomain("former").administrators(friend).commit());
    attempt(
        "the registrar of a domain replaces its deciders after its account left",
        () -> registrar.registerDomain("former").deciders(friend).commit());
  }

  /** Grants of rows by columns that the grantee may not read. */
  void reveal() {
    MeshClient recipient = mesh.clientAs(World.RECIPIENT);
    attempt(
        "an account passes on rows by a column that it may not read",
        () ->
            recipient
                .grant(ShopProducts.ORDERS)
                .columns("id")
                .rows("card = 'card-one'")
                .to(World.RECIPIENT)
                .because("probe")
                .commit());
    attempt(
        "an account passes on rows to all its roles by a column that it may not read",
        () ->
            recipient
                .grant(ShopProducts.PEOPLE)
                .columns("id")
                .rows("email LIKE 'a%'")
                .toAllRoles(World.RECIPIENT.account())
                .because("probe")
                .commit());
    attempt(
        "rows by a RESTRICTED column are granted to the whole mesh",
        () ->
            mesh.clientAs(ShopProducts.OWNER)
                .grant(ShopProducts.ORDERS)
                .columns("id")
                .rows("card = 'card-one'")
                .toMesh()
                .because("probe")
                .commit());
  }

  /** A reader lost the column by which its subscription selects rows. */
  void seek(Subscription<?> lost) {
    attempt(
        "a subscription seeks by a column that its reader lost", () -> lost.seekToStart().commit());
  }

  /** A steward of the owner's domain leaves it to approve what the owner asks for. */
  void approve(Principal steward, String product) {
    MeshClient shop = mesh.clientAs(ShopProducts.OWNER);
    mesh.clientAs(steward).governance().appoint(OWN_STEWARD).commit();
    StewardRequest request = shop.governance().pending(product).get(0);
    shop.registerDomain("shop").accounts("shop").commit();
    attempt(
        "a steward approves for the domain that its account just left",
        () -> mesh.clientAs(OWN_STEWARD).governance().approve(request).commit());
    shop.registerDomain("shop").accounts("shop", OWN_STEWARD.account()).commit();
  }
}
