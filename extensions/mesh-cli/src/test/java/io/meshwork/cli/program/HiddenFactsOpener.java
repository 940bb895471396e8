package io.meshwork.cli.program;

import static io.meshwork.contract.Rule.between;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.cli.MeshOpener;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.internal.testkit.SampleMesh.Order;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Classification;
import io.meshwork.product.Principal;
import io.meshwork.product.Snapshot;
import io.meshwork.publish.Publish;
import io.meshwork.request.AccessRequest;
import io.meshwork.request.Suggestion;
import io.meshwork.testkit.InMemoryMesh;
import io.meshwork.testkit.ManualClock;
import io.meshwork.topology.Topology;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Makes random meshes: of {@code hidden-facts:3/17}, what everyone may know follows from the seed
 * 3, and the rest from the seed 17. Everyone may know the products, when they are published, and,
 * of common products, what they derive from and which domains use them. The rest is how many rows
 * there are and how many break rules, columns and purposes of uses, all about sensitive products
 * but their contracts, requests, grants, suggestions, and rollouts that were not announced.
 */
public final class HiddenFactsOpener implements MeshOpener {
  static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
  private static final int DOMAINS = 3;
  private static final int PRODUCTS = 2;
  private static final int STEPS = 8;

  private record Next(String orderId, double price, String country) {}

  /** A mesh as it grows. */
  private static final class World {
    private final Random known;
    private final Random hidden;
    private final ManualClock clock = ManualClock.at(NOON);
    private final Mesh mesh = InMemoryMesh.builder().clock(clock).open();
    private final List<String> products = new ArrayList<>();
    private final List<Boolean> sensitive = new ArrayList<>();
    private int names;

    World(long known, long hidden) {
      this.known = new Random(known);
      this.hidden = new Random(hidden);
    }

    Mesh made() {
      define();
      for (int step = 0; step < STEPS; step++) {
        publish();
        use(known.nextInt(products.size()), other(known));
        hide();
        clock.advance(Duration.ofMinutes(known.nextInt(50)));
      }
      clock.advance(Duration.between(clock.instant(), NOON.plus(Duration.ofDays(1))));
      return mesh;
    }

    private static String other(Random random) {
      return "d" + random.nextInt(DOMAINS);
    }

    private static String domainOf(String product) {
      return product.substring(0, product.indexOf('/'));
    }

    private MeshClient as(String domain) {
      return mesh.clientAs(Principal.of(domain, "etl"));
    }

    private void define() {
      as("asker").registerDomain("asker").owner("asker@example.org").commit();
      for (int d = 0; d < DOMAINS; d++) {
        as("d" + d).registerDomain("d" + d).owner("d" + d + "@example.org").commit();
        for (int p = 0; p < PRODUCTS; p++) {
          boolean secret = known.nextInt(3) == 0;
          Contract contract =
              Contract.of(Order.class)
                  .require(between("amount", 0, 10))
                  .onViolation(OnViolation.QUARANTINE)
                  .maxQuarantineShare(100)
                  .classification(secret ? Classification.RESTRICTED : Classification.INTERNAL);
          String name = "d" + d + "/p" + p;
          as("d" + d)
              .defineProduct(name)
              .contract(known.nextBoolean() ? contract.freshWithin(Duration.ofDays(1)) : contract)
              .commit();
          for (int reader = 0; reader < DOMAINS; reader++) {
            if (reader != d) {
              as("d" + d)
                  .grant(name)
                  .to(Principal.of("d" + reader, "etl"))
                  .includeSensitive()
                  .because("Test")
                  .commit();
            }
          }
          products.add(name);
          sensitive.add(secret);
        }
      }
    }

    private void publish() {
      int to = known.nextInt(products.size());
      int from = known.nextInt(products.size());
      boolean stated = known.nextBoolean();
      boolean visible = !sensitive.get(to) && !sensitive.get(from);
      String product = products.get(to);
      List<Order> rows =
          IntStream.range(0, hidden.nextInt(9))
              // A publish of which no row is left is rejected, which everyone may know.
              .mapToObj(i -> new Order("o-" + i, i == 0 ? 1 : hidden.nextInt(20), "DE"))
              .toList();
      Publish<?> publish = as(domainOf(product)).publish(product).records(rows);
      Optional<Snapshot> input = snapshot(products.get(from));
      if (from != to && input.isPresent() && (visible ? stated : hidden.nextBoolean())) {
        publish =
            visible
                ? publish.derivedFrom(input.get(), "amount=amount")
                : publish.derivedFrom(input.get());
      }
      publish.commit();
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
        as(domain)
            .subscribe(name)
            .name("s" + names++)
            .purpose("Purpose " + hidden.nextInt(100))
            .commit();
      }
    }

    private void read(String domain, String product) {
      try (Rows<?> rows =
          hidden.nextBoolean()
              ? as(domain).read(product).columns("orderId").asMaps().rows()
              : as(domain).read(product).asMaps().rows()) {
        rows.forEach(row -> {});
      }
    }

    private void hide() {
      int number = hidden.nextInt(products.size());
      String product = products.get(number);
      String domain = other(hidden);
      if (domain.equals(domainOf(product))) {
        return;
      }
      switch (hidden.nextInt(4)) {
        case 0 -> suggest(product, domain);
        case 1 -> request(product);
        case 2 -> {
          if (sensitive.get(number) && snapshot(product).isPresent()) {
            read(domain, product);
          }
        }
        default -> plan(product);
      }
    }

    private void suggest(String product, String domain) {
      Suggestion made =
          as(domain)
              .suggestions()
              .suggest(product)
              .text("Wish " + hidden.nextInt(1_000_000))
              .commit();
      if (hidden.nextBoolean()) {
        as(domainOf(product)).suggestions().accept(made.id()).commit();
      }
    }

    /** By a role that has no grant. */
    private void request(String product) {
      String domain = domainOf(product).equals("d0") ? "d1" : "d0";
      AccessRequest asked =
          mesh.clientAs(Principal.of(domain, "role" + names++))
              .requests()
              .requestAccess(product)
              .purpose("Purpose " + hidden.nextInt(100))
              .commit();
      if (hidden.nextBoolean()) {
        as(domainOf(product)).requests().deny(asked.id()).because("No").commit();
      }
    }

    /** A rollout that was not announced, with a suggestion if there is one. */
    private void plan(String product) {
      MeshClient owner = as(domainOf(product));
      boolean runs =
          owner.rollouts().stream().anyMatch(each -> each.product().toString().equals(product));
      if (!runs) {
        owner
            .startRollout(product)
            .contract(
                Contract.of(Next.class).classification(sensitiveClass(products.indexOf(product))))
            .because("Reason " + hidden.nextInt(100))
            .withoutHistory()
            .suggestions(
                owner.suggestions().received().stream()
                    .filter(each -> each.isOpen() && each.product().toString().equals(product))
                    .limit(2)
                    .map(Suggestion::id)
                    .toArray(String[]::new))
            .commit();
      }
    }

    private Classification sensitiveClass(int product) {
      return sensitive.get(product) ? Classification.RESTRICTED : Classification.INTERNAL;
    }
  }

  @Override
  public String scheme() {
    return "hidden-facts";
  }

  @Override
  public String form() {
    return "hidden-facts:KNOWN/HIDDEN";
  }

  @Override
  public Mesh create(String location, Optional<Topology> topology) {
    return open(location);
  }

  @Override
  public Mesh open(String location, UnaryOperator<Mesh.Builder> settings) {
    String[] seeds = location.split("/", 2);
    return new World(Long.parseLong(seeds[0]), Long.parseLong(seeds[1])).made();
  }

  @Override
  public boolean authenticates() {
    return false;
  }

  @Override
  public LocalMesh.Copy backUp(String location, Path target) {
    throw new UsageException("A random mesh has no backup.");
  }
}
