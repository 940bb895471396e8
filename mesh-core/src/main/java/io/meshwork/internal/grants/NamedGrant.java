package io.meshwork.internal.grants;

import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.access.GrantOperation;
import io.meshwork.access.Permission;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.grants.ChangeSet.AffectedResources;
import io.meshwork.internal.ledger.VersionedDocument;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Grants a product, or some columns and rows of it. */
final class NamedGrant extends RightsOperation<List<GrantSummary>>
    implements GrantOperation.ByName, GrantSettings<GrantOperation.ByName> {
  private final ProductName product;
  private final GrantSpec<GrantOperation.ByName> spec = new GrantSpec<>(this);
  private ColumnSelection columns = ColumnSelection.ALL;
  private @Nullable String rows;

  private NamedGrant(ClientSession session, ProductName product) {
    super(session, MeshAction.of(Verb.GRANT, product));
    this.product = product;
  }

  static NamedGrant of(ClientSession session, CharSequence product) {
    ResolvedProduct.rejectLink(session, product, MeshAction.of(Verb.GRANT));
    return new NamedGrant(session, ProductName.of(product));
  }

  @Override
  public GrantOperation.ByName columns(String... names) {
    columns = columns.only(names);
    return this;
  }

  @Override
  public GrantOperation.ByName exceptColumns(String... names) {
    columns = columns.except(names);
    return this;
  }

  @Override
  public GrantOperation.ByName rows(String filter) {
    rows = ArgumentChecks.filter("rows", filter).strip();
    return this;
  }

  @Override
  public GrantOperation.ByName request(String id) {
    return spec.forRequest(id);
  }

  @Override
  public GrantSpec<GrantOperation.ByName> spec() {
    return spec;
  }

  @Override
  protected ChangeSet<List<GrantSummary>> propose(RightsDocuments documents, Instant now) {
    spec.check(action(), now);
    ProductEntry entry = session().catalog().requireProduct(product, action());
    Grantor grantor =
        Grantor.of(session(), documents, product.domain(), Optional.of(product), spec, action());
    if (grantor.authority().isEmpty()) {
      spec.requireNoRequest(action());
    }
    GrantBuilder builder =
        new GrantBuilder(documents, grantor, action(), now)
            .includingSensitive(spec.includesSensitive());
    List<VersionEntry> versions = session().catalog().requireLiveMajors(entry, action());
    PolicySnapshot snapshot =
        documents.ofProduct(
            grantor.owner(), entry, versions, spec.concerned(session().principal()));
    grantor.requireGrantOption(new GrantTarget.OfProduct(product), spec, snapshot, action(), now);
    TableRights table = snapshot.table(product).orElseThrow();
    if (rows != null) {
      table.fields().requireCondition(rows, action());
    }
    Set<Permission> defaultPermissions =
        columns.isAll() && rows == null
            ? Set.of(Permission.DESCRIBE, Permission.SELECT)
            : Set.of(Permission.SELECT);
    ColumnSelection resolved = columns.resolve(table, action());
    List<StoredGrant> grants =
        spec.grants(
            grantor,
            new GrantTarget.OfProduct(product),
            defaultPermissions,
            resolved.only(),
            resolved.except(),
            Optional.ofNullable(rows));
    for (StoredGrant grant : grants) {
      builder.add(grant, snapshot);
    }
    requireNotSensitive(grantor, grants, table);
    if (spec.request().isPresent()) {
      return new AuthorizedApproval(session(), spec.request().get(), versions, action())
          .propose(builder, List.of(entry.stored(), grantor.owner().stored()), now);
    }
    List<VersionedDocument> checks =
        new ArrayList<>(List.of(entry.stored(), grantor.owner().stored()));
    versions.forEach(version -> checks.add(version.majorStored()));
    return builder.proposal(
        grantor.isForOwner() && grantor.authority().isEmpty()
            ? RegistryKeys.partition(product)
            : builder.partition(),
        product.toString(),
        AffectedResources.of(product),
        checks,
        Stream.concat(
                fourEyesWarnings(grantor, table).stream(),
                missingExceptions(resolved, versions).stream())
            .toList());
  }

  /** Warns of major versions that have no column of an excluded name, and are granted whole. */
  private List<Finding> missingExceptions(ColumnSelection selected, List<VersionEntry> versions) {
    List<Finding> findings = new ArrayList<>();
    for (VersionEntry version : versions) {
      List<String> missing = new ArrayList<>(selected.except());
      missing.removeIf(name -> version.columns().stream().anyMatch(name::equalsIgnoreCase));
      if (!missing.isEmpty()) {
        findings.add(
            new Finding(
                FindingCode.UNKNOWN_COLUMN,
                Finding.Severity.WARNING,
                product.toString(),
                "major version "
                    + version.major()
                    + " has no columns "
                    + missing
                    + ", so exceptColumns(..) excludes nothing of it under these names",
                missing.size(),
                List.of(),
                "Exclude the columns of that version that hold the same data too."));
      }
    }
    return findings;
  }

  /** Warns that a direct grant bypasses the second approval that the contract requires. */
  private List<Finding> fourEyesWarnings(Grantor grantor, TableRights table) {
    if (!grantor.isForOwner() || !table.needsFourEyes()) {
      return List.of();
    }
    return List.of(
        new Finding(
            FindingCode.TWO_APPROVALS_REQUIRED,
            Finding.Severity.WARNING,
            product.toString(),
            "its contract requires two approvals of a request, and this grant has only one",
            0,
            List.of(),
            "Ask the consumer to call requests().requestAccess(\"" + product.toString() + "\")."));
  }

  /** Rejects grants of data above INTERNAL to the whole mesh. */
  private void requireNotSensitive(Grantor grantor, List<StoredGrant> grants, TableRights table) {
    if (grants.stream().noneMatch(grant -> SensitivityCheck.exposesSensitive(grant, table))) {
      return;
    } else if (grantor.authority().isPresent()) {
      throw session()
          .denied(
              product.toString(),
              action(),
              SensitivityCheck.ownerOnly(
                  grantor, "a grant of data above INTERNAL to the mesh", action()));
    } else if (grantor.isForOwner() && !spec.includesSensitive()) {
      throw SensitivityCheck.sensitiveToMesh(
          product.toString(), List.of(product.toString()), action());
    }
  }
}
