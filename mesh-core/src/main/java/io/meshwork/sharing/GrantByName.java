package io.meshwork.sharing;

import io.meshwork.access.Permission;
import io.meshwork.error.Finding;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.predicate.Predicate;
import io.meshwork.internal.rights.GrantTarget;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.RightsWorld;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.internal.rights.TableRights;
import io.meshwork.internal.runtime.Arguments;
import io.meshwork.internal.session.Session;
import io.meshwork.internal.session.Target;
import io.meshwork.product.ProductName;
import io.meshwork.sharing.AuthorizationCard.Place;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Grants a product, or some columns and rows of it, or all products of a domain, which something
 * narrower nearly always serves as well as. The owner grants to roles and accounts; an account that
 * was granted something with {@link #withGrantOption()} hands it on to its own roles by the same
 * verb. The same grant again is the same grant; another end or reason amends it. Gives the grants,
 * one for each grantee. A grant that does not go with what is granted already, a column that is not
 * in the contract and a filter that breaks its language are refused. One thread; committed once.
 */
public final class GrantByName implements GrantOperation<GrantByName> {
  private final Session session;
  private final Place place;
  private final GrantTerms<GrantByName> terms = new GrantTerms<>(this);
  private final RightsChange<List<GrantCard>> change;
  private ColumnNames columns = ColumnNames.ALL;
  private @Nullable String rows;

  private GrantByName(Session session, Place place) {
    this.session = session;
    this.place = place;
    this.change = new RightsChange<>(session, doing(), this::proposal);
  }

  /** Called by {@code MeshClient.grant}. */
  public static GrantByName of(Session session, @Nullable CharSequence productOrDomain) {
    Target.refuseLink(session, productOrDomain, "grant");
    return new GrantByName(
        session,
        productOrDomain == null || productOrDomain.toString().isBlank()
            ? Place.of(ProductName.of(productOrDomain))
            : Place.of(productOrDomain));
  }

  /** Only these top-level columns. */
  public GrantByName columns(String... names) {
    columns = columns.only(names);
    return this;
  }

  /** All columns but these, those that come later too. */
  public GrantByName exceptColumns(String... names) {
    columns = columns.except(names);
    return this;
  }

  /** Only rows for which this is true, such as {@code country = 'SE'}, in the filter language. */
  public GrantByName rows(String filter) {
    rows = Arguments.given("rows", filter).strip();
    return this;
  }

  @Override
  public GrantTerms<GrantByName> terms() {
    return terms;
  }

  @Override
  public RightsChange<List<GrantCard>> change() {
    return change;
  }

  private Proposal<List<GrantCard>> proposal(RightsDocuments documents, Instant now) {
    terms.check(doing(), now);
    if (place.product().isEmpty()) {
      if (!columns.areAll() || rows != null) {
        throw Arguments.refused(
            "columns and rows",
            "are a product's, and " + place.domain() + " is a domain",
            "Grant each product, or leave them out.");
      }
      terms.requireNoRequest(doing(), "a request is for a product, and this is a domain");
      return new WholeDomain(place.domain(), terms.isEvenIfSensitive(), doing())
          .propose(session, terms, documents, now);
    }
    ProductName product = place.product().get();
    ProductEntry entry = session.catalog().requireProduct(product, doing());
    Sharer sharer =
        Sharer.of(session, documents, product.domain(), Optional.of(product), terms, doing());
    if (sharer.authority().isEmpty()) {
      terms.requireNoRequest(doing(), "only what the owner authorized for one is granted for it");
    }
    Granting granting = new Granting(documents, sharer, doing(), now);
    VersionEntry version = session.catalog().requireVersion(product, entry.currentMajor(), doing());
    RightsWorld world = documents.ofProduct(sharer.owner(), entry, version);
    TableRights table = world.table(product).orElseThrow();
    if (rows != null) {
      Predicate.parse(rows, table.schema(), doing());
    }
    Set<Permission> unlessSaid =
        columns.areAll() && rows == null
            ? Set.of(Permission.DESCRIBE, Permission.SELECT)
            : Set.of(Permission.SELECT);
    ColumnNames spelled = columns.in(table, doing());
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
      return new AnsweredByGrant(session, terms.request().get(), version, doing())
          .propose(granting, List.of(entry.stored(), sharer.owner().stored()), now);
    }
    return granting.proposal(
        "Grant " + product,
        sharer.owns() ? Keys.partition(product) : Keys.partition(sharer.writes()),
        product.toString(),
        Reach.of(product),
        List.of(entry.stored(), version.majorStored(), sharer.owner().stored()),
        fourEyes(sharer, version));
  }

  /** What one person grants directly, nobody else approves. */
  private List<Finding> fourEyes(Sharer sharer, VersionEntry version) {
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
  private void requireClosed(Sharer sharer, List<StoredGrant> wanted, TableRights table) {
    if (wanted.stream().noneMatch(grant -> Sensitive.opens(grant, table))) {
      return;
    } else if (sharer.authority().isPresent()) {
      throw session.denied(
          place.name(),
          doing(),
          Sensitive.ownersAlone(sharer, "a grant of data above INTERNAL to the mesh", doing()));
    } else if (sharer.owns() && !terms.isEvenIfSensitive()) {
      throw Sensitive.toMesh(place.name(), List.of(place.name()), doing());
    }
  }

  private String doing() {
    return "grant " + place.name();
  }
}
