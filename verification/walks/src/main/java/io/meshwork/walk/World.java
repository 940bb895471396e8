package io.meshwork.walk;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Rule;
import io.meshwork.error.MeshException;
import io.meshwork.product.Classification;
import io.meshwork.product.Principal;
import io.meshwork.request.Suggestion;
import io.meshwork.testkit.InMemoryMesh;
import io.meshwork.testkit.ManualClock;
import io.meshwork.testkit.RecordingNotifier;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** A mesh in memory with some secrets of its owner and of another domain. For one thread. */
final class World implements AutoCloseable {
  static final String ORDERS = "shop/orders";
  static final String PEOPLE = "shop/people";
  static final String ENDING = "shop/ending";
  static final String OPEN = "shop/open";

  /** Acts for no domain. */
  static final Principal OUTSIDER = Principal.of("ghost", "job");

  /** Acts for a domain without grants. */
  static final Principal MEMBER = Principal.of("other", "job");

  /** May read some columns. */
  static final Principal COLUMNS = Principal.of("fin", "job");

  /** May read some columns of some rows. */
  static final Principal ROWS = Principal.of("fil", "job");

  /** Passes grants on within its account. */
  static final Principal RECIPIENT = Principal.of("rec", "admin");

  /** Grants for the owner, within an authorization. */
  static final Principal EXECUTOR = Principal.of("exe", "job");

  /** Those who must not know the secrets. */
  static final List<Principal> STRANGERS =
      List.of(OUTSIDER, MEMBER, COLUMNS, ROWS, RECIPIENT, EXECUTOR);

  private static final Instant ASKED_AT = Instant.parse("2026-04-01T00:00:00Z");

  /** Orders of the first major version. */
  record Order(long id, String country, double amount, String card) {}

  /** People of the first major version. */
  record Person(long id, String email) {}

  static final class Next {
    private Next() {}

    record Order(long id, String country, float amount, String card, String ssn) {}

    record Person(int id, String email) {}
  }

  private final ManualClock clock = ManualClock.at(Instant.parse("2026-01-01T00:00:00Z"));
  private final RecordingNotifier notices = new RecordingNotifier();
  private final Set<Secret> other;
  private final Random random;
  private final Mesh mesh;
  private final MeshClient shop;
  private final MeshClient rival;

  /**
   * Opens the mesh.
   *
   * @param other the secrets that are other ones in this world
   */
  World(Set<Secret> other, long seed) {
    this.other = other;
    this.random = new Random(seed);
    mesh =
        InMemoryMesh.with()
            .clock(clock)
            .notifier("walk", notices)
            .testing()
            .sleeper(clock::advance)
            .testing()
            .seededIds(seed)
            .open();
    shop = mesh.actingAs(Principal.of("shop", "etl"));
    rival = mesh.actingAs(Principal.of("rival", "job"));
    fill();
  }

  private String secret(Secret secret, String name) {
    return name + (other.contains(secret) ? "two" : "one");
  }

  private void fill() {
    mesh.actingAs(Principal.of("plat", "steward")).registerDomain("plat").ownedBy("p@x").commit();
    for (Principal each : STRANGERS) {
      if (!each.equals(OUTSIDER)) {
        mesh.actingAs(each).registerDomain(each.account()).ownedBy(each.account() + "@x").commit();
      }
    }
    shop.registerDomain("shop").ownedBy("shop@x").commit();
    rival.registerDomain("rival").ownedBy("rival@x").commit();
    mesh.actingAs(Principal.of("plat", "steward"))
        .governance()
        .appoint(Principal.of("plat", "steward"))
        .commit();
    defineProducts();
    grant();
    ending();
    people();
    orders();
    clock.advance(Duration.between(clock.instant(), ASKED_AT));
    mesh.deliverNotices();
  }

  private void defineProducts() {
    shop.defineProduct(ORDERS)
        .contract(
            Contract.of(Order.class)
                .classified(Classification.RESTRICTED, "card")
                .require(Rule.atLeast("amount", 0))
                .onViolation(OnViolation.QUARANTINE)
                .maxQuarantineShare(100))
        .commit();
    for (String name : List.of(PEOPLE, ENDING)) {
      shop.defineProduct(name)
          .contract(Contract.of(Person.class).classified(Classification.RESTRICTED, "email"))
          .commit();
    }
    shop.defineProduct(OPEN).contract(Contract.of(Person.class)).openToMesh().commit();
  }

  private void grant() {
    for (String name : List.of(ORDERS, PEOPLE, ENDING)) {
      String[] columns = name.equals(ORDERS) ? new String[] {"id", "country"} : new String[] {"id"};
      shop.grant(name).columns(columns).to(COLUMNS, ROWS).because("columns").commit();
      shop.grant(name)
          .columns(columns)
          .toAccounts(RECIPIENT.account())
          .withGrantOption()
          .because("shared")
          .commit();
      shop.access()
          .authorize(name)
          .executor(EXECUTOR)
          .columns(columns)
          .forConsumerAccounts("fin")
          .because("a workflow")
          .commit();
      shop.grant(name)
          .to(Principal.of("rival", "job"))
          .includingSensitive()
          .because("rival")
          .commit();
    }
    shop.grant(OPEN).columns("id").to(ROWS).because("also").commit();
    mesh.actingAs(COLUMNS)
        .subscribe(ORDERS)
        .named("own")
        .purpose("p")
        .contact("own@x")
        .columns("id")
        .asMaps()
        .commit();
  }

  /** A rollout that a consumer of another domain delays, so that the owner asks the stewards. */
  private void ending() {
    shop.publish(ENDING).records(List.of(new Person(1, "a"))).commit();
    String name = secret(Secret.OTHER_SUBSCRIPTION, "takeover-");
    rival.subscribe(ENDING).named(name).purpose(name).contact(name + "@x").commit();
    shop.rollOut(ENDING)
        .contract(Contract.of(Next.Person.class).classified(Classification.RESTRICTED, "email"))
        .because("b")
        .commit()
        .announce()
        .commit();
    shop.rollout(ENDING)
        .backFill(Person.class, each -> new Next.Person((int) each.id(), each.email()))
        .commit();
    shop.rollout(ENDING).activate().commit().close().commit();
    clock.advance(Duration.ofDays(60));
    rival.subscribe(ENDING).named(name).commit().read().close();
    try {
      shop.rollout(ENDING).retireByForce("it must go").commit();
    } catch (MeshException e) {
      // It waits for a steward.
    }
  }

  private void people() {
    shop.publish(PEOPLE).records(List.of(new Person(1, "a"))).commit();
    shop.rollOut(PEOPLE)
        .contract(Contract.of(Next.Person.class).classified(Classification.RESTRICTED, "email"))
        .because("ints")
        .leavingOut("email = '" + secret(Secret.LEFT_OUT_ROWS, "left-") + "'", "not mapped")
        .commit()
        .announce()
        .commit();
  }

  private void orders() {
    List<Order> rows = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      rows.add(new Order(i, i % 2 == 0 ? "SE" : "NO", i, secret(Secret.HIDDEN_VALUES, "card-")));
    }
    int bad = other.contains(Secret.QUARANTINED_ROWS) ? 2 + random.nextInt(3) : 1;
    for (int i = 0; i < bad; i++) {
      rows.add(new Order(100 + i, "SE", -1, "card"));
    }
    shop.publish(ORDERS).records(rows).commit();
    String granted = secret(Secret.OTHER_GRANT, "granted-");
    shop.grant(ORDERS)
        .rows("card = '" + granted + "'")
        .includingSensitive()
        .to(Principal.of("rival", "second"))
        .because(granted)
        .commit();
    String authorized = secret(Secret.OTHER_AUTHORIZATION, "authorized-");
    shop.access()
        .authorize(ORDERS)
        .executor(Principal.of("rival", authorized))
        .standing()
        .because(authorized)
        .commit();
    if (other.contains(Secret.STAGED_PUBLISH)) {
      shop.publish(ORDERS).records(List.of(new Order(50, "SE", 1, "c"))).stage();
    }
    String suggested = secret(Secret.OTHER_SUGGESTION, "suggested-");
    rival
        .suggest(ORDERS)
        .kind(Suggestion.Kind.values()[0])
        .columns("extra")
        .text(suggested)
        .commit();
    String requested = secret(Secret.OTHER_REQUEST, "requested-");
    mesh.actingAs(Principal.of("rival", "third"))
        .requestAccess(ORDERS)
        .rows("card = '" + requested + "'")
        .purpose(requested)
        .commit();
    if (other.contains(Secret.UNANNOUNCED_ROLLOUT)) {
      shop.rollOut(ORDERS)
          .contract(
              Contract.of(Next.Order.class)
                  .classified(Classification.RESTRICTED, "card", "ssn")
                  .require(Rule.atLeast("amount", 0)))
          .because("secret")
          .withoutHistory("none")
          .commit();
    }
  }

  /** Asks all doors as a principal, and adds the notices that its contacts got. */
  void ask(Principal principal, DoorWalk walk) {
    walk.walk(mesh.actingAs(principal));
    String mailbox = principal.account() + "@x";
    notices.all().stream()
        .filter(notice -> notice.to().equals(mailbox) || isOwn(principal, notice.to()))
        .forEach(notice -> walk.add("notice", notice.subject() + notice.text() + notice.facts()));
  }

  private static boolean isOwn(Principal principal, String contact) {
    return principal.equals(COLUMNS) && contact.equals("own@x");
  }

  @Override
  public void close() {
    mesh.close();
  }
}
