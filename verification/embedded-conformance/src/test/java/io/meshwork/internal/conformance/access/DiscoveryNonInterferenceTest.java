package io.meshwork.internal.conformance.access;

import static io.meshwork.contract.Rule.between;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.discovery.MeshOverview;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.conformance.fixture.RolloutFixture;
import io.meshwork.product.Classification;
import io.meshwork.product.Principal;
import io.meshwork.product.Snapshot;
import io.meshwork.publish.Publish;
import io.meshwork.request.Suggestion;
import io.meshwork.testkit.InMemoryMesh;
import io.meshwork.testkit.ManualClock;
import io.meshwork.testkit.Seeds;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Two meshes that differ only in what a caller may not know give it the same answers: the rows and
 * how many of them break rules; everything about uses of products above INTERNAL, and of other uses
 * the columns, purposes, and contacts; derivations that touch a product above INTERNAL, also while
 * an INTERNAL major version is its current one; the suggestions of other domains.
 */
class DiscoveryNonInterferenceTest {
  private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
  private static final int DOMAINS = 3;
  private static final int PRODUCTS = 3;
  private static final int STEPS = 14;

  /** One mesh: what everyone may know follows from one seed, the rest from another. */
  private static final class RandomMesh implements AutoCloseable {
    private final Random known;
    private final Random hidden;
    private final ManualClock clock = ManualClock.at(NOON);
    private final Mesh mesh;
    private final List<String> products = new ArrayList<>();
    private final List<Boolean> sensitive = new ArrayList<>();
    private final List<String> later = new ArrayList<>();
    private int names;

    RandomMesh(long known, long hidden) {
      this.known = new Random(known);
      this.hidden = new Random(hidden);
      this.mesh = InMemoryMesh.builder().clock(clock).testing().idSeed(1).open();
      define();
      for (int step = 0; step < STEPS; step++) {
        step();
        clock.advance(Duration.ofMinutes(this.known.nextInt(50)));
      }
      rollOut();
    }

    /** Some products get a RESTRICTED major version, while an INTERNAL one stays current. */
    private void rollOut() {
      for (String product : later) {
        MeshClient owner = as(domainOf(product));
        owner
            .startRollout(product)
            .contract(Contract.of(RolloutFixture.OrderOfBuyer.class))
            .renameColumn("customer", "buyer")
            .because("Test")
            .withoutHistory()
            .commit()
            .activate()
            .commit();
        owner
            .amendContract(product)
            .majorVersion(2)
            .change(old -> old.classification(Classification.RESTRICTED))
            .because("Test")
            .commit();
      }
    }

    private MeshClient as(String domain) {
      return mesh.clientAs(Principal.of(domain, "etl"));
    }

    private void define() {
      as("asker").registerDomain("asker").owner("asker@example.org").commit();
      for (int d = 0; d < DOMAINS; d++) {
        String domain = "d" + d;
        as(domain).registerDomain(domain).owner(domain + "@example.org").commit();
        for (int p = 0; p < PRODUCTS; p++) {
          boolean secret = known.nextInt(3) == 0;
          boolean atOnce = known.nextBoolean();
          Contract contract =
              Contract.of(Order.class)
                  .require(between("id", 0, 10))
                  .onViolation(OnViolation.QUARANTINE)
                  .maxQuarantineShare(100)
                  .classification(
                      secret && atOnce ? Classification.RESTRICTED : Classification.INTERNAL);
          contract = known.nextBoolean() ? contract.freshWithin(Duration.ofHours(1)) : contract;
          String name = domain + "/p" + p;
          as(domain).defineProduct(name).contract(contract).commit();
          for (int other = 0; other < DOMAINS; other++) {
            if (other != d) {
              as(domain)
                  .grant(name)
                  .to(Principal.of("d" + other, "etl"))
                  .includeSensitive()
                  .because("Test")
                  .commit();
            }
          }
          products.add(name);
          sensitive.add(secret);
          if (secret && !atOnce) {
            later.add(name);
          }
        }
      }
    }

    private static String domainOf(String product) {
      return product.substring(0, product.indexOf('/'));
    }

    /** One publish, of which everyone may know the time and the derivation of common products. */
    private void step() {
      int to = known.nextInt(products.size());
      int from = known.nextInt(products.size());
      boolean stated = known.nextBoolean();
      boolean visible = !sensitive.get(to) && !sensitive.get(from);
      String product = products.get(to);
      MeshClient owner = as(domainOf(product));
      long first = hidden.nextInt(9);
      Publish<?> publish =
          owner.publish(product).records(Order.range(first, first + hidden.nextInt(9)));
      Optional<Snapshot> input = snapshot(products.get(from));
      if (from != to && input.isPresent() && (visible ? stated : hidden.nextBoolean())) {
        publish =
            visible
                ? publish.derivedFrom(input.get(), "amount=amount")
                : publish.derivedFrom(input.get());
      }
      publish.commit();
      use(known.nextInt(products.size()), "d" + known.nextInt(DOMAINS));
      if (hidden.nextBoolean()) {
        suggest(products.get(hidden.nextInt(products.size())), "d" + hidden.nextInt(DOMAINS));
      }
      if (hidden.nextBoolean()) {
        useSensitive("d" + hidden.nextInt(DOMAINS));
      }
    }

    private Optional<Snapshot> snapshot(String product) {
      return as(domainOf(product)).describe(product).current();
    }

    /** Everyone may know that a domain uses a common product, not how. */
    private void use(int product, String domain) {
      String name = products.get(product);
      if (sensitive.get(product) || domainOf(name).equals(domain) || snapshot(name).isEmpty()) {
        return;
      }
      if (hidden.nextBoolean()) {
        read(domain, name);
      } else {
        names++;
        as(domain)
            .subscribe(name)
            .name("s" + names)
            .purpose("Purpose " + hidden.nextInt(100))
            .commit();
      }
    }

    /** Only the two domains of a suggestion know it. */
    private void suggest(String product, String domain) {
      if (!domainOf(product).equals(domain)) {
        Suggestion made =
            as(domain).suggestions().suggest(product).text("Wish " + hidden.nextInt(3)).commit();
        if (hidden.nextBoolean()) {
          as(domainOf(product)).suggestions().accept(made.id()).commit();
        }
      }
    }

    private void useSensitive(String domain) {
      int product = hidden.nextInt(products.size());
      String name = products.get(product);
      if (sensitive.get(product) && !domainOf(name).equals(domain) && snapshot(name).isPresent()) {
        read(domain, name);
      }
    }

    private void read(String domain, String product) {
      try (Rows<?> rows =
          hidden.nextBoolean()
              ? as(domain).read(product).columns("id").asMaps().rows()
              : as(domain).read(product).asMaps().rows()) {
        rows.forEach(row -> {});
      }
    }

    List<String> answers(String account) {
      MeshClient asker = as(account);
      List<String> answers = new ArrayList<>();
      answers.add(asker.health().toString());
      answers.add(asker.search("").results().toString());
      answers.add(asker.search("amount").results().toString());
      answers.add(asker.avoidedCopies().toString());
      if (account.equals("asker")) {
        answers.add(asker.suggestions().received() + " " + asker.suggestions().sent());
      }
      MeshOverview overview = asker.overview();
      answers.add(overview.health().toString());
      answers.add(overview.uses().stream().map(Object::toString).toList().toString());
      for (int d = 0; d < DOMAINS; d++) {
        answers.add(asker.describeDomain("d" + d).toString());
        answers.add(asker.uses("d" + d).stream().map(Object::toString).toList().toString());
      }
      for (String product : products) {
        answers.add(asker.health(product).toString());
        answers.add(asker.consumers(product).stream().map(Object::toString).toList().toString());
        answers.add(overview.lineage(product).upstream(9).downstream(9).graph().toString());
        answers.add(overview.faultOf(product).toString());
        answers.add(asker.contractHistory(product).toString());
        answers.add(asker.lineage(product).upstream(9).downstream(9).graph().toString());
        answers.add(asker.impactOf(product).toString());
        answers.add(asker.impactOf(product, "amount").toString());
        answers.add(asker.impactOf(product, "note").toString());
        answers.add(asker.faultOf(product).toString());
      }
      return answers;
    }

    @Override
    public void close() {
      mesh.close();
    }
  }

  @Test
  void answersDoNotDependOnWhatTheCallerMayNotKnow() {
    Seeds.forEach(
        5,
        random -> {
          long known = random.nextLong();
          try (RandomMesh one = new RandomMesh(known, random.nextLong());
              RandomMesh other = new RandomMesh(known, random.nextLong())) {
            for (String account : List.of("asker", "visitor")) {
              assertThat(one.answers(account)).as(account).isEqualTo(other.answers(account));
            }
          }
        });
  }
}
