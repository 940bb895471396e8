package io.meshwork.sharing;

import io.meshwork.access.AccessDecision;
import io.meshwork.access.AccessEdit;
import io.meshwork.access.AccessEvaluator;
import io.meshwork.access.AccessQuestion;
import io.meshwork.access.Explanation.Missing;
import io.meshwork.access.Grant;
import io.meshwork.access.Grantee;
import io.meshwork.access.Permission;
import io.meshwork.error.ErrorCode;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.rights.Ended;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.RightsWorld;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.internal.runtime.Arguments;
import io.meshwork.internal.session.Session;
import io.meshwork.internal.session.Target;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * May somebody read a product, and why or why not. A value as of when it was asked for; {@code
 * toString()} says it in words. Holds no condition on rows.
 *
 * @param who such as {@code finance/analyst}, or {@code the mesh}
 * @param product what is read, in its current major or that of the link that was named
 * @param allowed true if some of it may be read
 * @param columns the columns that may be read, in order; where nothing but a link is missing, those
 *     that may be read by it
 * @param hiddenColumns those that may not
 * @param everyCell true if no row and no cell of these columns is hidden
 * @param because grants and tags, or the standing right, that allow it: first what the owner gave,
 *     then what was handed on of it
 * @param missing what was not there, one a code
 * @param shortestChange the fewest steps after which it would be allowed, in their order; empty
 *     where it is allowed, or where no change of rights helps
 * @param whoCanGrant contacts to ask
 */
public record ExplainedAccess(
    String who,
    ProductName product,
    boolean allowed,
    List<String> columns,
    List<String> hiddenColumns,
    boolean everyCell,
    List<String> because,
    List<String> missing,
    List<String> shortestChange,
    List<String> whoCanGrant) {
  private static final String NOT_HANDED_ON = "LOCAL_GRANT";

  /** Copies the lists. */
  public ExplainedAccess {
    columns = List.copyOf(columns);
    hiddenColumns = List.copyOf(hiddenColumns);
    because = List.copyOf(because);
    missing = List.copyOf(missing);
    shortestChange = List.copyOf(shortestChange);
    whoCanGrant = List.copyOf(whoCanGrant);
  }

  /** Called by {@code MeshClient.explainAccess}. */
  public static ExplainedAccess of(
      Session session, @Nullable Principal principal, @Nullable CharSequence product) {
    return of(session, session.rights().documents(), principal, product);
  }

  /** The same by documents of rights that are not written yet. */
  static ExplainedAccess of(
      Session session,
      RightsDocuments documents,
      @Nullable Principal principal,
      @Nullable CharSequence product) {
    Principal asked = Arguments.given("principal", principal);
    Look look =
        new Look(
            session,
            documents,
            Target.consumed(session, product, "explain access to"),
            "explain access to " + product);
    if (!asked.equals(session.principal())) {
      session.admission().actsFor(look.product.domain(), look.doing);
    }
    if (look.domain.domain().accounts().contains(asked.account())) {
      return look.everything(asked.toString(), "acts for domain " + look.product.domain());
    } else if (look.entry.openToMesh()) {
      return look.throughLink(asked, look.everything(asked.toString(), "openToMesh()"));
    }
    return look.throughLink(asked, look.explained(asked.toString(), Grantee.of(asked)));
  }

  /**
   * Called by {@code MeshClient.whoCanRead}: everybody who may, with the path, and then, not
   * allowed, each account that something is shared with which no role of it was handed.
   */
  public static List<ExplainedAccess> whoCanRead(Session session, @Nullable CharSequence product) {
    Look look =
        new Look(
            session,
            session.rights().documents(),
            new Target(Target.produced(session, product, "ask who can read"), Optional.empty()),
            "ask who can read " + product);
    session.admission().actsFor(look.product.domain(), look.doing);
    List<ExplainedAccess> all = new ArrayList<>();
    for (String account : look.domain.domain().accounts()) {
      all.add(
          look.everything(
              "every role of account " + account, "acts for domain " + look.product.domain()));
    }
    if (look.entry.openToMesh()) {
      all.add(look.everything("the mesh", "openToMesh()"));
    }
    Map<String, Grantee> grantees = new LinkedHashMap<>();
    for (StoredGrant grant : look.world.grants()) {
      grantees.put(Shown.grantee(grant.to()), grant.to());
    }
    List<ExplainedAccess> waiting = new ArrayList<>();
    Set<String> reading = new TreeSet<>();
    grantees.forEach(
        (who, grantee) -> {
          ExplainedAccess one = look.explained(who, asOne(grantee));
          if (one.allowed()) {
            all.add(one);
            grantee.account().ifPresent(reading::add);
          } else if (one.missing().stream().anyMatch(each -> each.startsWith(NOT_HANDED_ON))) {
            waiting.add(one);
          }
        });
    for (ExplainedAccess one : waiting) {
      Grantee grantee = Objects.requireNonNull(grantees.get(one.who()));
      if (isShare(grantee) && grantee.account().filter(reading::contains).isEmpty()) {
        all.add(one);
      }
    }
    return List.copyOf(all);
  }

  /** True for what gives no role anything until it is handed on. */
  private static boolean isShare(Grantee grantee) {
    return grantee.kind() != Grantee.Kind.PRINCIPAL
        && grantee.kind() != Grantee.Kind.ACCOUNT_PRINCIPALS;
  }

  /** A role that has what every role of an account has, and nothing else; of the mesh, of one. */
  private static Grantee asOne(Grantee grantee) {
    return grantee.kind() == Grantee.Kind.PRINCIPAL
        ? grantee
        : Grantee.of("arn:aws:iam::" + grantee.account().orElse("+") + ":role/+");
  }

  /** A product and the rights in it. */
  private static final class Look {
    private final Session session;
    private final ProductName product;
    private final String doing;
    private final ProductEntry entry;
    private final DomainEntry domain;
    private final RightsWorld world;

    Look(Session session, RightsDocuments documents, Target target, String doing) {
      session.checkOpen(doing);
      this.session = session;
      this.product = target.product();
      this.doing = doing;
      this.entry = session.catalog().requireProduct(product, doing);
      this.domain = session.catalog().requireDomain(product.domain(), doing);
      VersionEntry version =
          session
              .catalog()
              .requireVersion(product, target.major().orElse(entry.currentMajor()), doing);
      this.world = documents.ofProduct(domain, entry, version);
    }

    ExplainedAccess everything(String who, String because) {
      return new ExplainedAccess(
          who,
          product,
          true,
          columns(),
          List.of(),
          true,
          List.of(because),
          List.of(),
          List.of(),
          List.of());
    }

    /** The same where reading takes a link beside the right, and there is none. */
    ExplainedAccess throughLink(Principal asked, ExplainedAccess byRight) {
      Catalog catalog = session.catalog();
      if (catalog.isInSightOf(asked.account(), product)) {
        return byRight;
      }
      Optional<DomainEntry> own =
          catalog
              .findAccount(asked.account())
              .flatMap(account -> catalog.findDomain(account.domain()));
      List<String> missing = new ArrayList<>(byRight.missing());
      missing.add(
          ErrorCode.LINK_MISSING.name()
              + ": it lives in catalog '"
              + catalog.topology().catalogOf(product.domain())
              + "', and "
              + own.map(domain -> "domain '" + domain.domain().name() + "' has no link to it")
                  .orElse("the account acts for no domain that could have a link to it"));
      List<String> change = new ArrayList<>(byRight.shortestChange());
      if (own.isEmpty()) {
        change.add("account " + asked.account() + " gets a domain with registerDomain(..)");
      }
      change.add(
          own.map(domain -> "domain " + domain.domain().name()).orElse("that domain")
              + " links it with linkResource(\""
              + product
              + "\")");
      return new ExplainedAccess(
          byRight.who(),
          product,
          false,
          byRight.columns(),
          byRight.hiddenColumns(),
          byRight.everyCell(),
          byRight.because(),
          missing,
          change,
          byRight.allowed()
              ? own.map(domain -> domain.domain().owner()).stream().toList()
              : byRight.whoCanGrant());
    }

    private List<String> columns() {
      return world.table(product).orElseThrow().columns();
    }

    ExplainedAccess explained(String who, Grantee grantee) {
      AccessEvaluator evaluator = world.evaluator(grantee.account().stream().toList());
      AccessDecision decision =
          evaluator.decide(
              AccessQuestion.of(
                  grantee,
                  Permission.SELECT,
                  world.resource(product),
                  session.runtime().clock().instant()));
      List<String> hidden = new ArrayList<>(columns());
      hidden.removeAll(decision.columns());
      List<String> seen = new ArrayList<>(columns());
      seen.retainAll(decision.columns());
      return new ExplainedAccess(
          who,
          product,
          decision.allowed(),
          seen,
          hidden,
          decision.rowFilter().everyRow()
              && decision.cellFilters().values().stream().allMatch(where -> where.everyRow()),
          decision.allowed() ? Shown.path(decision, world.account()) : List.of(),
          missing(decision, grantee),
          decision.explanation().change().stream().map(this::step).toList(),
          decision.allowed() ? List.of() : whoCanGrant(decision, grantee));
    }

    private List<String> missing(AccessDecision decision, Grantee grantee) {
      if (decision.allowed()) {
        return List.of();
      }
      String ended =
          Ended.at(world, product, grantee, session.runtime().clock().instant())
              .map(end -> "; access ended at " + end)
              .orElse("");
      return decision.explanation().missing().stream()
          .map(each -> each.code() + ": " + each.meaning())
          .map(each -> each + (each.startsWith("NO_GRANT") ? ended : ""))
          .toList();
    }

    /** What an owner or a recipient would do, in words. */
    private String step(AccessEdit edit) {
      if (edit instanceof AccessEdit.AddGrant add) {
        Grant grant = add.grant();
        return (grant.grantor().equals(world.account())
                ? "domain " + product.domain()
                : "account " + grant.grantor())
            + " grants "
            + Shown.permissions(grant.permissions())
            + " on "
            + product
            + " to "
            + Shown.grantee(grant.to())
            + (grant.grantable().isEmpty() ? "" : " with grant option");
      } else if (edit instanceof AccessEdit.Revoke revoke) {
        return "grant " + revoke.grant() + " is revoked";
      }
      return edit.toString();
    }

    private boolean mayHandOn(String account) {
      Instant now = session.runtime().clock().instant();
      return world.grants().stream()
          .filter(StoredGrant::grantOption)
          .filter(grant -> grant.until().filter(end -> !now.isBefore(end)).isEmpty())
          .anyMatch(
              grant ->
                  grant.to().kind() == Grantee.Kind.ORGANIZATION
                      || grant.to().equals(Grantee.account(account)));
    }

    /** The contact of the account that did not hand it on though it may, or of the product. */
    private List<String> whoCanGrant(AccessDecision decision, Grantee grantee) {
      boolean notHandedOn =
          decision.explanation().missing().stream()
                  .map(Missing::code)
                  .anyMatch(NOT_HANDED_ON::equals)
              && grantee.account().filter(this::mayHandOn).isPresent();
      return List.of(
          grantee
              .account()
              .filter(account -> notHandedOn)
              .flatMap(session.catalog()::findAccount)
              .flatMap(account -> session.catalog().findDomain(account.domain()))
              .map(consumer -> consumer.domain().owner())
              .orElseGet(() -> session.catalog().ownerOf(entry, doing)));
    }
  }

  /** The answer in lines. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(who);
    if (allowed) {
      text.append(" reads ").append(product).append(": ").append(String.join(", ", columns));
      if (!everyCell) {
        text.append(", not in every row");
      }
      if (!hiddenColumns.isEmpty()) {
        text.append("; not ").append(String.join(", ", hiddenColumns));
      }
      because.forEach(each -> text.append("\n  because of ").append(each));
    } else {
      text.append(" does not read ").append(product);
      missing.forEach(each -> text.append("\n  missing ").append(each));
      shortestChange.forEach(each -> text.append("\n  would do ").append(each));
      if (!whoCanGrant.isEmpty()) {
        text.append("\n  ask ").append(String.join(", ", whoCanGrant));
      }
    }
    return text.toString();
  }
}
