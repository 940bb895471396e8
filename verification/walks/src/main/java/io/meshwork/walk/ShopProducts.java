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
import io.meshwork.testkit.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The products of the domain whose secrets differ, and what another domain has of them. */
final class ShopProducts {
  static final String ORDERS = "shop/orders";
  static final String PEOPLE = "shop/people";
  static final String ENDING = "shop/ending";
  static final String OPEN = "shop/open";
  static final String VISITS = "shop/visits";
  static final String PAUSED = "shop/paused";
  static final String CLOSED = "shop/closed";

  static final List<String> ALL =
      List.of(ORDERS, PEOPLE, ENDING, OPEN, VISITS, PAUSED, CLOSED, LostRights.STAFF);

  static final Principal OWNER = Principal.of("shop", "etl");
  static final Principal RIVAL = Principal.of("rival", "job");

  /** Orders of the first major version. */
  record PaidOrder(long id, String country, double amount, String card) {}

  /** People of the first major version. */
  record Person(long id, String email) {}

  /** Visits, of which a grant selects rows and cells. */
  record Visit(long id, String country, double amount) {}

  /** What each product has. */
  record Row(long id) {}

  /** The second major versions. */
  static final class SecondMajors {
    private SecondMajors() {}

    record PaidOrder(long id, String country, float amount, String card, String ssn) {}

    record Person(int id, String email) {}

    record Citizen(int id, String email, String ssn) {}
  }

  private final Mesh mesh;
  private final ManualClock clock;
  private final SecretValues secrets;
  private final KnownObjects objects;
  private final MeshClient shop;
  private final MeshClient rival;

  ShopProducts(Mesh mesh, ManualClock clock, SecretValues secrets, KnownObjects objects) {
    this.mesh = mesh;
    this.clock = clock;
    this.secrets = secrets;
    this.objects = objects;
    this.shop = mesh.clientAs(OWNER);
    this.rival = mesh.clientAs(RIVAL);
  }

  boolean isWithoutRollouts() {
    return secrets.isWithoutRollouts();
  }

  void define() {
    shop.defineProduct(ORDERS)
        .contract(
            Contract.of(PaidOrder.class)
                .classification(Classification.RESTRICTED, "card")
                .require(Rule.atLeast("amount", 0))
                .onViolation(OnViolation.QUARANTINE)
                .maxQuarantineShare(100))
        .commit();
    for (String name : List.of(PEOPLE, ENDING)) {
      shop.defineProduct(name)
          .contract(Contract.of(Person.class).classification(Classification.RESTRICTED, "email"))
          .commit();
    }
    shop.defineProduct(OPEN).contract(Contract.of(Person.class)).openToMesh().commit();
    shop.defineProduct(VISITS).contract(Contract.of(Visit.class)).commit();
    shop.defineProduct(PAUSED).contract(Contract.of(Person.class)).commit();
    shop.defineProduct(CLOSED).contract(Contract.of(Person.class)).commit();
  }

  void grant() {
    for (String name : List.of(ORDERS, PEOPLE, ENDING)) {
      String[] columns = name.equals(ORDERS) ? new String[] {"id", "country"} : new String[] {"id"};
      objects.addId(
          "grant",
          shop.grant(name)
              .columns(columns)
              .to(World.COLUMNS, World.ROWS)
              .because("columns")
              .commit()
              .get(0)
              .id());
      shop.grant(name)
          .columns(columns)
          .toAccounts(World.RECIPIENT.account())
          .withGrantOption()
          .because("shared")
          .commit();
      objects.addId(
          "authorization",
          shop.access()
              .authorize(name)
              .executors(World.EXECUTOR)
              .columns(columns)
              .consumerAccounts("fin")
              .because("a workflow")
              .commit()
              .id());
      shop.grant(name).to(RIVAL).includeSensitive().because("rival").commit();
    }
    shop.grant(OPEN).columns("id").to(World.ROWS).because("also").commit();
    shop.grant(VISITS)
        .columns("id", "country")
        .rows("country = 'SE'")
        .to(World.ROWS)
        .because("rows")
        .commit();
    shop.grant(VISITS)
        .columns("id", "amount")
        .rows("id < 2")
        .to(World.ROWS)
        .because("cells")
        .commit();
    shop.grant(PAUSED).to(World.COLUMNS, World.ROWS).because("all").commit();
    shop.grant(PAUSED)
        .toAccounts(World.RECIPIENT.account())
        .withGrantOption()
        .because("all")
        .commit();
    shop.grant(CLOSED).to(RIVAL).because("rival").commit();
    mesh.clientAs(World.COLUMNS)
        .subscribe(ORDERS)
        .name("own")
        .purpose("p")
        .contact("own@x")
        .columns("id")
        .asMaps()
        .commit();
    mesh.clientAs(World.COLUMNS)
        .subscribe(PAUSED)
        .name("paused")
        .purpose("p")
        .contact("own@x")
        .commit();
  }

  void fill() {
    open();
    visits();
    publishPeople(ENDING, 1);
    publishPeople(PEOPLE, 1);
    if (!secrets.isWithoutRollouts()) {
      ending();
      people();
    }
    orders();
    rival();
    if (secrets.isOther(Secret.UNANNOUNCED_ROLLOUT)) {
      rollOutInSecret(
          ORDERS,
          Contract.of(SecondMajors.PaidOrder.class)
              .classification(Classification.RESTRICTED, "card", "ssn")
              .require(Rule.atLeast("amount", 0)));
    }
  }

  private void rollOutInSecret(String product, Contract contract) {
    shop.startRollout(product).contract(contract).because("secret").withoutHistory().commit();
  }

  private void publishPeople(String product, int count) {
    List<Person> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(new Person(i, "a"));
    }
    shop.publish(product).records(rows).commit();
  }

  private void open() {
    publishPeople(OPEN, secrets.count(Secret.OPEN_ROWS));
    objects.addId("snapshot", shop.read(OPEN).snapshots().get(0).id());
  }

  private void visits() {
    List<Visit> rows = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      double hidden = secrets.isOther(Secret.HIDDEN_CELLS) ? 6 : 5;
      rows.add(new Visit(i, "SE", i < 2 ? i : hidden));
    }
    for (int i = 0; i < secrets.count(Secret.HIDDEN_ROWS); i++) {
      rows.add(new Visit(100 + i, "NO", i));
    }
    shop.publish(VISITS).records(rows).commit();
  }

  /** A rollout that consumers of another domain delay, so that the owner asks the stewards. */
  private void ending() {
    String name = secrets.text(Secret.OTHER_SUBSCRIPTION, "takeover-");
    String idle = secrets.text(Secret.OTHER_SUBSCRIPTION, "idle-");
    String reason = secrets.text(Secret.REASONS_OF_REQUESTS, "because-");
    for (String each : List.of(name, idle)) {
      rival.subscribe(ENDING).name(each).purpose(each).contact(each + "@x").commit().rows().close();
    }
    shop.startRollout(ENDING)
        .contract(
            Contract.of(SecondMajors.Person.class)
                .classification(Classification.RESTRICTED, "email"))
        .because("b")
        .commit()
        .announce()
        .commit();
    shop.rollout(ENDING)
        .backFill(Person.class, each -> new SecondMajors.Person((int) each.id(), each.email()))
        .commit();
    shop.rollout(ENDING).activate().commit().close().commit();
    clock.advance(Duration.ofDays(100));
    rival.subscribe(ENDING).name(name).commit().rows().close();
    shop.rollout(ENDING).track("rival/" + idle).dormant().because(reason).commit();
    try {
      shop.rollout(ENDING).retireByForce().because(reason).commit();
    } catch (MeshException e) {
      // It waits for a steward.
    }
  }

  private void people() {
    shop.startRollout(PEOPLE)
        .contract(
            Contract.of(SecondMajors.Person.class)
                .classification(Classification.RESTRICTED, "email"))
        .because("ints")
        .excludeRows("email = '" + secrets.text(Secret.LEFT_OUT_ROWS, "left-") + "'")
        .commit()
        .announce()
        .commit();
  }

  /** Suspends reads; a suspension that no steward approved ends after three days. */
  void suspend() {
    publishPeople(PAUSED, 1);
    shop.governance().suspendReads(PAUSED).because("a known reason").commit();
    publishPeople(PAUSED, secrets.count(Secret.SUSPENDED_ROWS));
    if (secrets.isOther(Secret.UNANNOUNCED_ROLLOUT)) {
      rollOutInSecret(PAUSED, Contract.of(SecondMajors.Citizen.class));
    }
    publishPeople(CLOSED, 1);
    shop.governance()
        .suspendReads(CLOSED)
        .because(secrets.text(Secret.REASONS_OF_REQUESTS, "because-"))
        .commit();
  }

  private void orders() {
    List<PaidOrder> rows = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      rows.add(
          new PaidOrder(
              i, i % 2 == 0 ? "SE" : "NO", i, secrets.text(Secret.HIDDEN_VALUES, "card-")));
    }
    for (int i = 0; i < secrets.count(Secret.QUARANTINED_ROWS); i++) {
      rows.add(new PaidOrder(100 + i, "SE", -1, "card"));
    }
    shop.publish(ORDERS).records(rows).idempotencyKey("first").commit();
    objects.addId("snapshot", shop.read(ORDERS).snapshots().get(0).id());
    String erased = secrets.text(Secret.ERASURE, "erased-");
    shop.erase(ORDERS).where("id = 4 and card <> '" + erased + "'").because(erased).commit();
    if (secrets.isOther(Secret.STAGED_PUBLISH)) {
      shop.publish(ORDERS).records(List.of(new PaidOrder(50, "SE", 1, "c"))).stage();
    }
  }

  private void rival() {
    String granted = secrets.text(Secret.OTHER_GRANT, "granted-");
    objects.addId(
        "grant",
        shop.grant(ORDERS)
            .rows("card = '" + granted + "'")
            .includeSensitive()
            .to(Principal.of("rival", "second"))
            .because(granted)
            .commit()
            .get(0)
            .id());
    String authorized = secrets.text(Secret.OTHER_AUTHORIZATION, "authorized-");
    objects.addId(
        "authorization",
        shop.access()
            .authorize(ORDERS)
            .executors(Principal.of("rival", authorized))
            .forAnyConsumer()
            .because(authorized)
            .commit()
            .id());
    objects.addId(
        "suggestion",
        rival
            .suggestions()
            .suggest(ORDERS)
            .kind(Suggestion.Kind.values()[0])
            .columns("extra")
            .text(secrets.text(Secret.OTHER_SUGGESTION, "suggested-"))
            .commit()
            .id());
    String requested = secrets.text(Secret.OTHER_REQUEST, "requested-");
    objects.addId(
        "request",
        mesh.clientAs(Principal.of("rival", "third"))
            .requests()
            .requestAccess(ORDERS)
            .rows("card = '" + requested + "'")
            .purpose(requested)
            .commit()
            .id());
    rival
        .linkResource(OPEN)
        .database("rival_links")
        .name(secrets.text(Secret.OTHER_LINK, "link_"))
        .commit();
  }
}
