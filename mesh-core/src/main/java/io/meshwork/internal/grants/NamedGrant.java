package io.meshwork.internal.grants;

import io.meshwork.access.GrantByName;
import io.meshwork.access.GrantCard;
import io.meshwork.access.Permission;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.rights.GrantTarget;
import io.meshwork.internal.rights.PolicySnapshot;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.internal.rights.TableRights;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ResolvedProduct;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Grants a product, some columns and rows of it, or all products of a domain. */
final class NamedGrant implements GrantByName, GrantDescription<GrantByName> {
  private final ClientSession session;
  private final GrantPlace place;
  private final GrantSpec<GrantByName> terms = new GrantSpec<>(this);
  private final RightsChange<List<GrantCard>> change;
  private ColumnNames columns = ColumnNames.ALL;
  private @Nullable String rows;

  private NamedGrant(ClientSession session, GrantPlace place) {
    this.session = session;
    this.place = place;
    this.change = new RightsChange<>(session, action(), this::proposal);
  }

  static NamedGrant of(ClientSession session, @Nullable CharSequence productOrDomain) {
    ResolvedProduct.rejectLink(session, productOrDomain, MeshAction.of(Verb.GRANT));
    return new NamedGrant(
        session,
        productOrDomain == null || productOrDomain.toString().isBlank()
            ? GrantPlace.of(ProductName.of(productOrDomain))
            : GrantPlace.of(productOrDomain));
  }

  @Override
  public GrantByName columns(String... names) {
    columns = columns.only(names);
    return this;
  }

  @Override
  public GrantByName exceptColumns(String... names) {
    columns = columns.except(names);
    return this;
  }

  @Override
  public GrantByName rows(String filter) {
    rows = ArgumentChecks.required("rows", filter).strip();
    return this;
  }

  @Override
  public GrantSpec<GrantByName> terms() {
    return terms;
  }

  @Override
  public RightsChange<List<GrantCard>> change() {
    return change;
  }

  private ChangeSet<List<GrantCard>> proposal(RightsDocuments documents, Instant now) {
    terms.check(action(), now);
    if (place.product().isEmpty()) {
      if (!columns.areAll() || rows != null) {
        throw ArgumentChecks.refused(
            "columns and rows",
            "are a product's, and " + place.domain() + " is a domain",
            "Grant each product, or leave them out.");
      }
      terms.requireNoRequest(action(), "a request is for a product, and this is a domain");
      return new DomainGrantCheck(place.domain(), terms.isEvenIfSensitive(), action())
          .propose(session, terms, documents, now);
    }
    ProductName product = place.product().get();
    ProductEntry entry = session.catalog().requireProduct(product, action());
    Grantor sharer =
        Grantor.of(session, documents, product.domain(), Optional.of(product), terms, action());
    if (sharer.authority().isEmpty()) {
      terms.requireNoRequest(action(), "only what the owner authorized for one is granted for it");
    }
    GrantBuilder granting =
        new GrantBuilder(documents, sharer, action(), now)
            .includingSensitive(terms.isEvenIfSensitive());
    VersionEntry version =
        session.catalog().requireVersion(product, entry.currentMajor(), action());
    PolicySnapshot world = documents.ofProduct(sharer.owner(), entry, version);
    TableRights table = world.table(product).orElseThrow();
    if (rows != null) {
      RowPredicate.parse(rows, table.schema(), action());
    }
    Set<Permission> unlessSaid =
        columns.areAll() && rows == null
            ? Set.of(Permission.DESCRIBE, Permission.SELECT)
            : Set.of(Permission.SELECT);
    ColumnNames spelled = columns.in(table, action());
    List<StoredGrant> wanted =
        terms.grantsAllowing(
            sharer,
            new GrantTarget.OfProduct(product),
            unlessSaid,
            spelled.only(),
            spelled.except(),
            Optional.ofNullable(rows));
    for (StoredGrant grant : wanted) {
      granting.add(grant, world);
    }
    requireClosed(sharer, wanted, table);
    if (terms.request().isPresent()) {
      return new AnsweredByGrant(session, terms.request().get(), version, action())
          .propose(granting, List.of(entry.stored(), sharer.owner().stored()), now);
    }
    return granting.proposal(
        "Grant " + product,
        sharer.owns() ? RegistryKeys.partition(product) : RegistryKeys.partition(sharer.writes()),
        product.toString(),
        AffectedResources.of(product),
        List.of(entry.stored(), version.majorStored(), sharer.owner().stored()),
        fourEyes(sharer, version));
  }

  /** What one person grants directly, nobody else approves. */
  private List<Finding> fourEyes(Grantor sharer, VersionEntry version) {
    if (!sharer.owns() || !version.contract().needsFourEyes()) {
      return List.of();
    }
    return List.of(
        new Finding(
            "FOUR_EYES",
            Finding.Severity.WARNING,
            place.name(),
            "its contract asks for two approvals of a request, and nobody else approves this grant",
            0,
            List.of(),
            "Let the consumer say requestAccess(\"" + place.name() + "\"), or be sure."));
  }

  /** What is above INTERNAL is not opened to everybody by the way. */
  private void requireClosed(Grantor sharer, List<StoredGrant> wanted, TableRights table) {
    if (wanted.stream().noneMatch(grant -> SensitivityCheck.opens(grant, table))) {
      return;
    } else if (sharer.authority().isPresent()) {
      throw session.denied(
          place.name(),
          action(),
          SensitivityCheck.ownersAlone(
              sharer, "a grant of data above INTERNAL to the mesh", action()));
    } else if (sharer.owns() && !terms.isEvenIfSensitive()) {
      throw SensitivityCheck.toMesh(place.name(), List.of(place.name()), action());
    }
  }

  private MeshAction action() {
    return MeshAction.of(Verb.GRANT, place.name());
  }
}
