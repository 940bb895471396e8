package io.meshwork.aws;

import io.meshwork.Mesh;
import io.meshwork.error.Finding;
import io.meshwork.testkit.aws.AwsEmulator;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A change of the mesh, or of its services, and the run that follows it.
 *
 * @param name what changes
 * @param change makes the change
 * @param disturbance a fault that each run of the step survives, and that lets it make calls which
 *     it makes only then
 * @param run runs the mirrors, and returns what is left
 */
record MirrorStep<M extends MirroredMesh>(
    String name,
    Consumer<M> change,
    Consumer<AwsEmulator> disturbance,
    Function<Mesh, List<Finding>> run) {
  /** All steps of a mesh of one catalog: they make, change, and remove objects of each kind. */
  static final List<MirrorStep<MirrorAccounts>> OF_ONE_CATALOG =
      List.of(
          mirrored("the first run", accounts -> new MirrorStrangers(accounts).makeBeside()),
          new MirrorStep<>(
              "more",
              MirrorStep::addMore,
              // The next attempt finds that the tag exists, and reads it.
              aws -> aws.on("lakeformation", "CreateLFTag").nth(1).loseReply(),
              mesh -> mesh.mirrors().commit().remaining()),
          mirrored("changes", MirrorStep::changeAll),
          new MirrorStep<>(
              "drift",
              MirrorAccounts::drift,
              aws -> {},
              mesh -> mesh.mirrors().repair().commit().remaining()),
          new MirrorStep<>(
              "reads through links",
              accounts -> {},
              aws -> {},
              mesh -> mesh.mirrors().verify().findings()),
          mirrored("revocations", MirrorStep::revoke),
          mirrored("the end of a version", MirrorStep::retire),
          mirrored("the loss of a domain", MirrorAccounts::loseArchive));

  /** All steps of a mesh of several catalogs. */
  static final List<MirrorStep<MirrorCatalogs>> OF_CATALOGS =
      List.of(
          mirrored("the first run", MirrorCatalogs::define),
          new MirrorStep<>(
              "changes",
              MirrorCatalogs::change,
              aws -> aws.on("lakeformation", "CreateLFTag").nth(1).loseReply(),
              mesh -> mesh.mirrors().commit().remaining()),
          new MirrorStep<>(
              "drift",
              MirrorCatalogs::drift,
              aws -> {},
              mesh -> mesh.mirrors().repair().commit().remaining()),
          new MirrorStep<>(
              "reads through links",
              catalogs -> {},
              aws -> {},
              mesh -> mesh.mirrors().verify().findings()),
          mirrored("the end of a version", MirrorCatalogs::retire));

  private static <M extends MirroredMesh> MirrorStep<M> mirrored(String name, Consumer<M> change) {
    return new MirrorStep<>(name, change, aws -> {}, mesh -> mesh.mirrors().commit().remaining());
  }

  private static void addMore(MirrorAccounts accounts) {
    new MirrorStrangers(accounts).makeInside();
    accounts.defineOpen(accounts.shop, "commerce/fees");
    accounts.shop.governance().defineTag("unit", "euro").commit();
    accounts.shop.access().tag("commerce/fees").set("unit", "euro").commit();
    accounts
        .shop
        .grant(MirrorAccounts.ORDERS)
        .rows("amount > 1")
        .to(accounts.in("trader"))
        .because("x")
        .commit();
  }

  private static void changeAll(MirrorAccounts accounts) {
    accounts.amendOrders();
    accounts
        .shop
        .publish(MirrorAccounts.PRICES)
        .records(List.of(new MirrorAccounts.Entry("2", 13)))
        .commit();
    accounts
        .shop
        .registerDomain("commerce")
        .description("What is sold")
        .owner("commerce@example.org")
        .accounts(accounts.commerce)
        .commit();
    accounts.shop.governance().defineTag("unit", "euro", "cent").commit();
    accounts.shop.access().tag("commerce/fees").set("unit", "cent").commit();
    accounts.link(MirrorAccounts.PRICES, "prices");
  }

  private static void revoke(MirrorAccounts accounts) {
    accounts.revoke("european");
    accounts.revoke("lister");
    accounts.shop.access().tag(MirrorAccounts.ORDERS).remove("kind").commit();
    accounts.shop.access().tag("commerce/fees").remove("unit").commit();
    accounts.shop.access().closeToMesh("commerce/fees").commit();
    accounts.advance(Duration.ofMinutes(1));
  }

  private static void retire(MirrorAccounts accounts) {
    accounts.retireOrders();
    accounts.unlink("prices");
    new MirrorStrangers(accounts).withdrawStatement();
    accounts.shop.access().closeToMesh(MirrorAccounts.PRICES).commit();
  }
}
