package io.meshwork.internal.explain;

import io.meshwork.access.ExplainedAccess;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.LinkName;
import io.meshwork.internal.explain.ExplainedVersions.OfVersion;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.lakeformation.evaluation.AccessDecision.DenialCode;
import io.meshwork.internal.rights.AccessFormatter;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ResolvedProduct;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Explains who may read a product, and why. Immutable. */
record AccessExplanation(
    String who,
    ProductName product,
    boolean isAllowed,
    List<String> columns,
    List<String> hiddenColumns,
    boolean everyCell,
    List<String> rowFilters,
    List<String> because,
    List<String> missing,
    List<String> shortestChange,
    List<String> whoCanGrant,
    List<String> mirrorDifferences)
    implements ExplainedAccess {
  public AccessExplanation {
    columns = List.copyOf(columns);
    hiddenColumns = List.copyOf(hiddenColumns);
    rowFilters = List.copyOf(rowFilters);
    because = List.copyOf(because);
    missing = List.copyOf(missing);
    shortestChange = List.copyOf(shortestChange);
    whoCanGrant = List.copyOf(whoCanGrant);
    mirrorDifferences = List.copyOf(mirrorDifferences);
  }

  /** Explains whether a principal may read a product, also where a mirror decides otherwise. */
  static ExplainedAccess of(
      ClientSession session, @Nullable Principal principal, @Nullable CharSequence product) {
    List<OfVersion> versions = versions(session, session.rights(), principal, product);
    return ExplainedVersions.together(
        versions,
        MirrorDifferences.of(session, ArgumentChecks.required("principal", principal), versions));
  }

  /** Explains whether a principal may read a product with these rights. */
  static ExplainedAccess of(
      ClientSession session,
      RightsDocuments documents,
      @Nullable Principal principal,
      @Nullable CharSequence product) {
    return ExplainedVersions.together(versions(session, documents, principal, product), List.of());
  }

  /** Explains whether a principal may read each major version of a product. */
  private static List<OfVersion> versions(
      ClientSession session,
      RightsDocuments documents,
      @Nullable Principal principal,
      @Nullable CharSequence product) {
    Principal reader = ArgumentChecks.required("principal", principal);
    List<ProductRights> versions =
        rightsOnVersions(session, documents, product, Optional.of(reader.account()));
    if (!reader.equals(session.principal())) {
      requireOwner(session, versions);
    }
    return explained(versions, rights -> rights.explain(reader));
  }

  /**
   * Returns what explains whether a principal may read each major version of a product. The rights
   * on the product are read once, now.
   *
   * @throws io.meshwork.error.AccessDeniedException if this process does not act for the domain
   */
  static Function<Principal, List<OfVersion>> ofReaders(
      ClientSession session, ProductName product) {
    List<ProductRights> versions =
        rightsOnVersions(session, session.rights(), product, Optional.empty());
    requireOwner(session, versions);
    return reader -> explained(versions, rights -> rights.explain(reader));
  }

  private static List<ProductRights> rightsOnVersions(
      ClientSession session,
      RightsDocuments documents,
      @Nullable CharSequence product,
      Optional<String> account) {
    MeshAction action = MeshAction.of(Verb.EXPLAIN, "access to " + product);
    RightsDocuments read = documents.with(Map.of());
    ResolvedProduct target =
        ResolvedProduct.forConsumer(session, product, MeshAction.of(Verb.EXPLAIN, "access to"));
    if (product != null && LinkName.isLinkName(product) && target.major().isEmpty()) {
      int current = read.requireProduct(target.product(), action).currentMajor();
      target = new ResolvedProduct(target.product(), Optional.of(current));
    }
    return ProductRights.ofVersions(session, read, target, account, action);
  }

  private static void requireOwner(ClientSession session, List<ProductRights> versions) {
    ProductRights first = versions.get(0);
    session.authorizer().requireOwner(first.product().domain(), first.action());
  }

  /** Explains access to several major versions of a product together. */
  private static ExplainedAccess together(
      List<ProductRights> versions, Function<ProductRights, ExplainedAccess> explained) {
    return ExplainedVersions.together(explained(versions, explained), List.of());
  }

  private static List<OfVersion> explained(
      List<ProductRights> versions, Function<ProductRights, ExplainedAccess> explained) {
    return versions.stream()
        .map(rights -> new OfVersion(rights.version(), explained.apply(rights)))
        .toList();
  }

  /** All who may read a product, then each account that has not passed on its grant. */
  static List<ExplainedAccess> whoCanRead(ClientSession session, @Nullable CharSequence product) {
    List<ProductRights> versions =
        ProductRights.ofVersions(
            session,
            session.rights().with(Map.of()),
            new ResolvedProduct(
                ResolvedProduct.forProducer(
                    session, product, MeshAction.of(Verb.QUERY, "who can read")),
                Optional.empty()),
            Optional.empty(),
            MeshAction.of(Verb.QUERY, "who can read " + product));
    requireOwner(session, versions);
    ProductRights first = versions.get(0);
    List<ExplainedAccess> all = new ArrayList<>();
    for (String account : first.domain().domain().accounts()) {
      String who = "every role of account " + account;
      all.add(
          together(
              versions,
              rights -> rights.fullAccess(who, "acts for domain " + rights.product().domain())));
    }
    if (versions.stream().anyMatch(ProductRights::isOpenInPart)) {
      all.add(together(versions, ProductRights::explainToMesh));
    }
    Map<String, Grantee> grantees = new LinkedHashMap<>();
    for (StoredGrant grant : first.policies().grants()) {
      grantees.put(AccessFormatter.grantee(grant.to()), grant.to());
    }
    List<ExplainedAccess> notPassedOn = new ArrayList<>();
    Set<String> readingAccounts = new TreeSet<>();
    grantees.forEach(
        (who, grantee) -> {
          ExplainedAccess explained =
              together(versions, rights -> rights.explain(who, representativeRole(grantee)));
          if (explained.isAllowed()) {
            all.add(explained);
            grantee.account().ifPresent(readingAccounts::add);
          } else if (explained.missing().stream()
              .anyMatch(missing -> missing.contains(DenialCode.LOCAL_GRANT + ":"))) {
            notPassedOn.add(explained);
          }
        });
    for (ExplainedAccess explained : notPassedOn) {
      Grantee grantee = Objects.requireNonNull(grantees.get(explained.who()));
      if (isShare(grantee) && grantee.account().filter(readingAccounts::contains).isEmpty()) {
        all.add(explained);
      }
    }
    return List.copyOf(all);
  }

  /** True for a grantee whose roles may read only after the grant is passed on to them. */
  private static boolean isShare(Grantee grantee) {
    return grantee.kind() != Grantee.Kind.PRINCIPAL
        && grantee.kind() != Grantee.Kind.ACCOUNT_PRINCIPALS;
  }

  /** The role itself, or a role with the rights that every role of the account or mesh has. */
  private static Grantee representativeRole(Grantee grantee) {
    return grantee.kind() == Grantee.Kind.PRINCIPAL
        ? grantee
        : Grantee.of("arn:aws:iam::" + grantee.account().orElse("+") + ":role/+");
  }

  /** The explanation as text with several lines. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(who);
    if (isAllowed) {
      text.append(" reads ").append(product).append(": ").append(String.join(", ", columns));
      if (!everyCell) {
        text.append(", not in every row");
      }
      if (!hiddenColumns.isEmpty()) {
        text.append("; not ").append(String.join(", ", hiddenColumns));
      }
      because.forEach(each -> text.append("\n  because of ").append(each));
      missing.forEach(each -> text.append("\n  missing ").append(each));
      shortestChange.forEach(each -> text.append("\n  fix ").append(each));
    } else {
      text.append(" does not read ").append(product);
      missing.forEach(each -> text.append("\n  missing ").append(each));
      shortestChange.forEach(each -> text.append("\n  fix ").append(each));
      if (!whoCanGrant.isEmpty()) {
        text.append("\n  ask ").append(String.join(", ", whoCanGrant));
      }
    }
    mirrorDifferences.forEach(each -> text.append("\n  but ").append(each));
    return text.toString();
  }
}
