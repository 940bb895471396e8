package io.meshwork.internal.explain;

import io.meshwork.access.ExplainedAccess;
import io.meshwork.access.Permission;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.lakeformation.AccessDecision;
import io.meshwork.internal.lakeformation.AccessEdit;
import io.meshwork.internal.lakeformation.AccessEvaluator;
import io.meshwork.internal.lakeformation.AccessQuestion;
import io.meshwork.internal.lakeformation.Explanation.Missing;
import io.meshwork.internal.lakeformation.Grant;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.rights.AccessFormatter;
import io.meshwork.internal.rights.PolicySnapshot;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.internal.rights.TableRights;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ResolvedProduct;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An explained decision, and how it is made. */
record AccessExplanation(
    String who,
    ProductName product,
    boolean allowed,
    List<String> columns,
    List<String> hiddenColumns,
    boolean everyCell,
    List<String> because,
    List<String> missing,
    List<String> shortestChange,
    List<String> whoCanGrant)
    implements ExplainedAccess {
  private static final String NOT_HANDED_ON = "LOCAL_GRANT";

  /** A role that nothing is granted to. */
  private static final Grantee NOBODY = Grantee.of("arn:aws:iam::+:role/+");

  /** Copies the lists. */
  public AccessExplanation {
    columns = List.copyOf(columns);
    hiddenColumns = List.copyOf(hiddenColumns);
    because = List.copyOf(because);
    missing = List.copyOf(missing);
    shortestChange = List.copyOf(shortestChange);
    whoCanGrant = List.copyOf(whoCanGrant);
  }

  /** Explains a decision by some documents of rights. */
  static ExplainedAccess of(
      ClientSession session,
      RightsDocuments documents,
      @Nullable Principal principal,
      @Nullable CharSequence product) {
    Principal asked = ArgumentChecks.required("principal", principal);
    Look look =
        new Look(
            session,
            documents,
            ResolvedProduct.consumed(session, product, MeshAction.of(Verb.EXPLAIN, "access to")),
            MeshAction.of(Verb.EXPLAIN, "access to " + product));
    if (!asked.equals(session.principal())) {
      session.authorizer().actsFor(look.product.domain(), look.action);
    }
    if (look.domain.domain().accounts().contains(asked.account())) {
      return look.everything(asked.toString(), "acts for domain " + look.product.domain());
    } else if (look.version.isOpenWith(look.entry)) {
      return look.throughLink(asked, look.everything(asked.toString(), "openToMesh()"));
    }
    return look.throughLink(asked, look.explained(asked.toString(), Grantee.of(asked)));
  }

  /** Everybody who may read a product, then each account that passed on nothing of its grant. */
  static List<ExplainedAccess> whoCanRead(ClientSession session, @Nullable CharSequence product) {
    Look look =
        new Look(
            session,
            session.rights(),
            new ResolvedProduct(
                ResolvedProduct.produced(session, product, MeshAction.of(Verb.QUERY, "who can read")),
                Optional.empty()),
            MeshAction.of(Verb.QUERY, "who can read " + product));
    session.authorizer().actsFor(look.product.domain(), look.action);
    List<ExplainedAccess> all = new ArrayList<>();
    for (String account : look.domain.domain().accounts()) {
      all.add(
          look.everything(
              "every role of account " + account, "acts for domain " + look.product.domain()));
    }
    if (look.version.isOpenWith(look.entry)) {
      all.add(look.everything("the mesh", "openToMesh()"));
    } else if (look.entry.openToMesh() && !look.version.openColumns().isEmpty()) {
      all.add(look.explained("the mesh", NOBODY));
    }
    Map<String, Grantee> grantees = new LinkedHashMap<>();
    for (StoredGrant grant : look.world.grants()) {
      grantees.put(AccessFormatter.grantee(grant.to()), grant.to());
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
    private final ClientSession session;
    private final ProductName product;
    private final MeshAction action;
    private final ProductEntry entry;
    private final DomainEntry domain;
    private final PolicySnapshot world;
    private final VersionEntry version;

    Look(
        ClientSession session,
        RightsDocuments documents,
        ResolvedProduct target,
        MeshAction action) {
      session.checkOpen(action);
      this.session = session;
      this.product = target.product();
      this.action = action;
      this.entry = session.catalog().requireProduct(product, action);
      this.domain = session.catalog().requireDomain(product.domain(), action);
      this.version =
          session
              .catalog()
              .requireVersion(product, target.major().orElse(entry.currentMajor()), action);
      this.world = documents.ofProduct(domain, entry, version);
    }

    ExplainedAccess everything(String who, String because) {
      return new AccessExplanation(
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
      return new AccessExplanation(
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
      List<String> open = entry.openToMesh() ? version.openColumns() : List.of();
      boolean allowed = decision.allowed() || !open.isEmpty();
      List<String> seen =
          columns().stream()
              .filter(each -> open.contains(each) || decision.columns().contains(each))
              .toList();
      List<String> hidden = new ArrayList<>(columns());
      hidden.removeAll(seen);
      List<String> because = new ArrayList<>();
      if (!open.isEmpty()) {
        because.add("openToMesh()");
      }
      if (decision.allowed()) {
        because.addAll(AccessFormatter.path(decision, world.account()));
      }
      return new AccessExplanation(
          who,
          product,
          allowed,
          seen,
          hidden,
          seen.stream()
                  .allMatch(
                      each -> open.contains(each) || decision.permission().rowsOf(each).everyRow())
              && (!open.isEmpty() || decision.permission().rowFilter().everyRow()),
          because,
          Stream.of(
                  allowed ? List.<String>of() : missing(decision, grantee),
                  open.isEmpty() ? List.<String>of() : notOpen(hidden),
                  withheld(grantee, hidden))
              .flatMap(List::stream)
              .toList(),
          allowed ? List.of() : decision.explanation().change().stream().map(this::step).toList(),
          allowed ? List.of() : whoCanGrant(decision, grantee));
    }

    /** What is above INTERNAL was never opened, or became so later. */
    private static List<String> notOpen(List<String> hidden) {
      return hidden.isEmpty()
          ? List.of()
          : List.of(
              "WITHHELD: "
                  + String.join(", ", hidden)
                  + " by openToMesh(), which opens nothing above INTERNAL; grant it");
    }

    /** The grants that would give some hidden columns, were they not more sensitive by now. */
    private List<String> withheld(Grantee grantee, List<String> hidden) {
      TableRights table = world.table(product).orElseThrow();
      Instant now = session.runtime().clock().instant();
      List<String> withheld = new ArrayList<>();
      for (StoredGrant grant : world.grants()) {
        List<String> columns = new ArrayList<>(world.withheld(grant, table));
        columns.retainAll(hidden);
        if (grant.concerns(grantee) && grant.inForce(now) && !columns.isEmpty()) {
          withheld.add(
              "WITHHELD: "
                  + String.join(", ", columns)
                  + " by grant "
                  + grant.id()
                  + ", more sensitive now than was agreed with it; grant it again with"
                  + " includingSensitive()");
        }
      }
      return withheld;
    }

    private List<String> missing(AccessDecision decision, Grantee grantee) {
      if (decision.allowed()) {
        return List.of();
      }
      String ended =
          world
              .accessEnded(grantee, product, session.runtime().clock().instant())
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
            + AccessFormatter.permissions(grant.permissions())
            + " on "
            + product
            + " to "
            + AccessFormatter.grantee(grant.to())
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
              .orElseGet(() -> session.catalog().ownerOf(entry, action)));
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
      missing.forEach(each -> text.append("\n  missing ").append(each));
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
