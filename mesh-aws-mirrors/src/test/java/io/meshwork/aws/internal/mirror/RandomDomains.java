package io.meshwork.aws.internal.mirror;

import static io.meshwork.access.TagSelection.where;

import io.meshwork.MeshClient;
import io.meshwork.access.AccessClient;
import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.access.AccessClient.TagResource;
import io.meshwork.access.GrantOperation;
import io.meshwork.contract.Contract;
import io.meshwork.error.BackendException;
import io.meshwork.error.MeshException;
import io.meshwork.product.Classification;
import io.meshwork.product.Principal;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.ProductEnd;
import io.meshwork.testkit.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;

/**
 * Products, tags, and grants of registered domains, which change at random: the same for each seed.
 * Not thread-safe.
 */
public final class RandomDomains {
  /** The roles of each account that get grants. */
  public static final List<String> ROLES = List.of("analyst", "auditor");

  /** The columns of each product; Glue writes one of them in another case. */
  public static final List<String> COLUMNS = List.of("id", "region", "amount", "email", "postCode");

  private static final List<String> PRODUCTS = List.of("orders", "order-items");

  /** The kinds of changes; a frequent one is drawn more often. */
  public enum Change {
    TAG(2),
    TAG_COLUMN(2),
    UNTAG(1),
    AMEND(1),
    CLOSE(1),
    ROLL_OUT(1),
    DROP(1),
    GRANT(10),
    GRANT_BY_TAGS(3),
    GRANT_DOMAIN(1),
    PASS_ON(4),
    REVOKE(3),
    NARROW(2),
    WAIT(1);

    private final int frequency;

    Change(int frequency) {
      this.frequency = frequency;
    }
  }

  /**
   * A grant that was made.
   *
   * @param by the domain that made it
   * @param on the product or domain
   * @param to the only role that has it; empty if others have it
   */
  private record MadeGrant(String by, String on, Optional<Principal> to, List<String> ids) {}

  private final Random random;
  private final ManualClock clock;
  private final Map<String, List<String>> domains;
  private final Function<String, MeshClient> owners;
  private final List<Change> drawn = new ArrayList<>();
  private final List<MadeGrant> grants = new ArrayList<>();
  private final Map<Change, Integer> made = new EnumMap<>(Change.class);

  /**
   * Creates the source of changes.
   *
   * @param domains the accounts of the domains, in an order that is the same for each run
   * @param owners returns who acts for a domain
   */
  public RandomDomains(
      Random random,
      ManualClock clock,
      Map<String, List<String>> domains,
      Function<String, MeshClient> owners) {
    this.random = random;
    this.clock = clock;
    this.domains = domains;
    this.owners = owners;
    for (Change change : Change.values()) {
      for (int i = 0; i < change.frequency; i++) {
        drawn.add(change);
      }
    }
  }

  /** Returns the roles that read. */
  public List<Principal> principals() {
    List<Principal> all = new ArrayList<>();
    domains
        .values()
        .forEach(
            accounts ->
                accounts.forEach(
                    account -> ROLES.forEach(role -> all.add(Principal.of(account, role)))));
    return all;
  }

  /** Returns how many changes of each kind the mesh accepted. */
  public Map<Change, Integer> made() {
    return made;
  }

  /** Defines the tags and the products of the domains, and changes them so many times. */
  public void grow(int changes) {
    for (String domain : domains.keySet()) {
      as(domain).governance().defineTag("kind", "plain", "secret").commit();
      PRODUCTS.forEach(product -> define(domain, product));
    }
    change(changes);
  }

  private void define(String domain, String product) {
    var definition = as(domain).defineProduct(domain + "/" + product).contract(contract());
    if (random.nextInt(6) == 0) {
      definition = definition.openToMesh();
    }
    var complete = definition;
    attempt(complete::commit);
  }

  /** Changes something so many times; the mesh refuses some changes. */
  public void change(int times) {
    for (int i = 0; i < times; i++) {
      Change change = one(drawn);
      if (attempt(change)) {
        made.merge(change, 1, Integer::sum);
      }
    }
  }

  private boolean attempt(Change change) {
    String domain = one(List.copyOf(domains.keySet()));
    String product = domain + "/" + one(PRODUCTS);
    return switch (change) {
      case TAG -> tag(domain, random.nextBoolean() ? product : domain, false);
      case TAG_COLUMN -> tag(domain, product, true);
      case UNTAG -> untag(domain, random.nextBoolean() ? product : domain);
      case AMEND -> attempt(as(domain).amendContract(product, contract()).because("x")::commit);
      case CLOSE -> attempt(as(domain).access().closeToMesh(product)::commit);
      case ROLL_OUT -> rollOut(domain, product);
      case DROP -> attempt(() -> end(domain, product));
      case GRANT -> grant(domain, product, some(as(domain).grant(product)));
      case GRANT_BY_TAGS -> grantByTags(domain);
      case GRANT_DOMAIN -> grant(domain, domain, as(domain).grantDomain(domain));
      case PASS_ON -> passOn(domain, random.nextInt(4) == 0 ? domain : product);
      case REVOKE -> !grants.isEmpty() && revoke(one(grants));
      case NARROW -> !grants.isEmpty() && narrow(one(grants));
      case WAIT -> {
        clock.advance(Duration.ofHours(9));
        yield true;
      }
    };
  }

  private MeshClient as(String domain) {
    return owners.apply(domain);
  }

  /** Returns a contract of the columns, some of them classified. */
  public Contract contract() {
    return contract(false);
  }

  /**
   * Returns a contract.
   *
   * @param isSuccessor true for a contract that is incompatible with the others
   */
  private Contract contract(boolean isSuccessor) {
    SchemaBuilder.FieldAssembler<Schema> fields = SchemaBuilder.record("Row").fields();
    for (String column : COLUMNS) {
      fields =
          !column.equals("amount")
              ? fields.optionalString(column)
              : isSuccessor ? fields.optionalDouble(column) : fields.optionalLong(column);
    }
    if (random.nextInt(3) == 0) {
      fields = fields.optionalString("note");
    }
    Contract contract = Contract.of(fields.endRecord());
    return random.nextBoolean()
        ? contract
        : contract.classification(
            one(List.of(Classification.CONFIDENTIAL, Classification.RESTRICTED)), one(COLUMNS));
  }

  private boolean tag(String domain, String on, boolean ofColumns) {
    String kind = one(List.of("plain", "secret"));
    return attempt(tagging(domain, on, ofColumns).set("kind", kind)::commit);
  }

  private boolean untag(String domain, String on) {
    boolean ofColumns = on.contains("/") && random.nextBoolean();
    return attempt(tagging(domain, on, ofColumns).remove("kind")::commit);
  }

  private TagResource tagging(String domain, String on, boolean ofColumns) {
    AccessClient access = as(domain).access();
    return ofColumns ? access.tagColumns(on, one(COLUMNS)) : access.tag(on);
  }

  /** Starts another major version; the one before it may end. */
  private boolean rollOut(String domain, String product) {
    Contract next = contract(true);
    boolean ends = random.nextBoolean();
    return attempt(
        () -> {
          MajorRollout rollout =
              as(domain)
                  .startRollout(product)
                  .contract(next)
                  .because("x")
                  .withoutHistory()
                  .commit()
                  .activate()
                  .commit();
          if (ends) {
            rollout.announce().commit().close().commit().retire().commit();
          }
        });
  }

  private void end(String domain, String product) {
    ProductEnd end = as(domain).endProduct(product).because("x").commit();
    end.announce().commit().close().commit().retire().commit();
  }

  private GrantOperation.ByName some(GrantOperation.ByName grant) {
    return switch (random.nextInt(7)) {
      case 0, 1 -> grant.columns(columns());
      case 2 -> grant.exceptColumns(columns());
      case 3, 4 -> grant.rows("region = '" + random.nextInt(3) + "'");
      case 5 -> grant.columns(columns()).rows("amount > 10 AND region = 'a'");
      default -> grant;
    };
  }

  private boolean grantByTags(String domain) {
    return grant(
        domain,
        domain,
        as(domain)
            .grantByTags(
                random.nextInt(3) == 0
                    ? where("domain", domain)
                    : where("kind", one(List.of("plain", "plain", "secret")))));
  }

  private boolean grant(String domain, String on, GrantOperation<?> grant) {
    String account = one(domains.get(one(List.copyOf(domains.keySet()))));
    GrantOperation<?> made =
        random.nextInt(3) == 0 ? grant.until(clock.instant().plus(Duration.ofDays(1))) : grant;
    if (random.nextBoolean()) {
      made = made.includeSensitive();
    }
    return switch (random.nextInt(9)) {
      case 0 -> commit(domain, on, Optional.empty(), made.toAccounts(account).withGrantOption());
      case 1 -> commit(domain, on, Optional.empty(), made.toAccounts(account));
      case 2 -> commit(domain, on, Optional.empty(), made.toMesh().withGrantOption());
      default -> {
        Principal role = Principal.of(account, one(ROLES));
        yield commit(domain, on, Optional.of(role), made.to(role));
      }
    };
  }

  /** Lets another domain pass on what its account may have got. */
  private boolean passOn(String owner, String on) {
    String consumer = one(List.copyOf(domains.keySet()));
    String account = one(domains.get(consumer));
    boolean isNarrow = random.nextInt(3) == 0;
    if (owner.equals(consumer)) {
      return false;
    }
    if (on.equals(owner)) {
      return passOn(consumer, account, on, as(consumer).grantDomain(on));
    }
    GrantOperation.ByName grant = as(consumer).grant(on);
    return passOn(consumer, account, on, isNarrow ? grant.columns(columns()) : grant);
  }

  private boolean passOn(String consumer, String account, String on, GrantOperation<?> grant) {
    if (random.nextBoolean()) {
      return commit(consumer, on, Optional.empty(), grant.toAllRoles(account));
    }
    Principal role = Principal.of(account, one(ROLES));
    return commit(consumer, on, Optional.of(role), grant.to(role));
  }

  private boolean commit(String by, String on, Optional<Principal> to, GrantOperation<?> grant) {
    return attempt(
        () -> {
          List<GrantSummary> summaries = grant.because("x").commit();
          grants.add(new MadeGrant(by, on, to, summaries.stream().map(GrantSummary::id).toList()));
        });
  }

  private boolean revoke(MadeGrant grant) {
    String[] ids = grant.ids().toArray(String[]::new);
    boolean cascades = random.nextBoolean();
    grants.remove(grant);
    return attempt(
        () -> {
          var revocation = as(grant.by()).revoke(ids).because("x");
          (cascades ? revocation.cascade() : revocation).commit();
        });
  }

  /** Replaces what a role has by one column of it. */
  private boolean narrow(MadeGrant grant) {
    if (grant.to().isEmpty() || !grant.on().contains("/") || !revoke(grant)) {
      return false;
    }
    Principal role = grant.to().get();
    return commit(
        grant.by(),
        grant.on(),
        grant.to(),
        as(grant.by()).grant(grant.on()).columns(one(COLUMNS)).to(role));
  }

  private String[] columns() {
    Set<String> some = new LinkedHashSet<>(Arrays.asList(one(COLUMNS), one(COLUMNS)));
    return some.toArray(String[]::new);
  }

  private <T> T one(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  /**
   * Returns true if a mesh accepts a random change; it refuses some, such as what has no effect.
   */
  private static boolean attempt(Runnable change) {
    try {
      change.run();
      return true;
    } catch (BackendException e) {
      throw e;
    } catch (MeshException e) {
      return false;
    }
  }
}
