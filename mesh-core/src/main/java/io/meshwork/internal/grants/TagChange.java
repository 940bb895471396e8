package io.meshwork.internal.grants;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.access.AccessClient;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.grants.ChangeSet.AffectedResources;
import io.meshwork.internal.lakeformation.Resource;
import io.meshwork.internal.lakeformation.evaluation.AccessEvaluator;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.rights.PolicySnapshot;
import io.meshwork.internal.rights.ProductColumns.BoundColumns;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.StoredTags;
import io.meshwork.internal.rights.TableRights;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ResolvedProduct;
import io.meshwork.internal.text.NearestName;
import io.meshwork.operation.Plan.Step;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Changes the tags of a product, of columns, or of a domain. */
final class TagChange extends RightsOperation<Map<String, String>>
    implements AccessClient.TagResource {
  private static final int MAX_TAGS = 50;

  private final String domain;
  private final @Nullable ProductName product;
  private final Map<String, String> with = new TreeMap<>();
  private final TreeSet<String> without = new TreeSet<>();
  private final List<String> columns;

  private TagChange(ClientSession session, ProductOrDomain resource, List<String> columns) {
    super(session, MeshAction.of(Verb.TAG, resource.name()));
    this.domain = resource.domain();
    this.product = resource.product().orElse(null);
    this.columns = columns;
  }

  static TagChange of(ClientSession session, @Nullable CharSequence productOrDomain) {
    String name = ArgumentChecks.required("productOrDomain", productOrDomain).toString();
    ResolvedProduct.rejectLink(session, name, MeshAction.of(Verb.TAG));
    return new TagChange(session, ProductOrDomain.of(name), List.of());
  }

  static TagChange ofColumns(
      ClientSession session, @Nullable CharSequence product, String... columns) {
    String name = ArgumentChecks.required("product", product).toString();
    ResolvedProduct.rejectLink(session, name, MeshAction.of(Verb.TAG));
    List<String> names = ArgumentChecks.all("columns", columns);
    if (names.isEmpty()) {
      throw ArgumentChecks.refused("columns", "is empty", "Name columns of the product.");
    }
    return new TagChange(session, ProductOrDomain.of(ProductName.of(name)), names);
  }

  @Override
  public AccessClient.TagResource set(String key, String value) {
    String lowerCase = TagDefinition.key(key);
    with.put(lowerCase, TagDefinition.keyOrValue("value", value));
    without.remove(lowerCase);
    return this;
  }

  @Override
  public AccessClient.TagResource remove(String key) {
    String lowerCase = TagDefinition.key(key);
    without.add(lowerCase);
    with.remove(lowerCase);
    return this;
  }

  @Override
  protected ChangeSet<Map<String, String>> propose(RightsDocuments documents, Instant now) {
    if (with.isEmpty() && without.isEmpty()) {
      throw rejected(
          FindingCode.ARGUMENT_MISSING, "it names no tag", "Call set(..) or remove(..).");
    }
    DomainEntry entry = session().authorizer().requireAdministrator(domain, action());
    ChangeSet.Policy policy = new ChangeSet.Policy(domain, documents.policy(domain));
    List<VersionedDocument> checks = new ArrayList<>(List.of(entry.stored()));
    PolicySnapshot before;
    Key key;
    if (product == null) {
      before = documents.withoutProducts(entry);
      key = RegistryKeys.tags(domain);
    } else {
      ProductEntry productEntry = session().catalog().requireProduct(product, action());
      List<VersionEntry> versions = session().catalog().requireLiveMajors(productEntry, action());
      before = documents.withoutGrants(entry, productEntry, versions);
      key = RegistryKeys.tags(product);
      checks.add(productEntry.stored());
      versions.forEach(version -> checks.add(version.majorStored()));
    }
    requireDefined(before, now);
    PolicySnapshot after = after(before);
    Map<String, String> result = effectiveTags(after);
    Optional<VersionedDocument> existing = documents.read(key);
    Optional<ObjectNode> json =
        hasNoTags(after) ? Optional.empty() : Optional.of(document(existing, after));
    boolean isUnchanged = after.equals(before);
    return new ChangeSet<>(
        new ChangeSet.Entry(
            key.partition(), MeshEvent.Type.TAGS_CHANGED.text(), subject(), details()),
        policy,
        isUnchanged ? List.of() : List.of(new ChangeSet.Write(key, existing, json)),
        checks,
        isUnchanged ? List.of() : List.of(step()),
        List.of(),
        product == null ? AffectedResources.of(domain) : AffectedResources.of(product),
        result);
  }

  private void requireDefined(PolicySnapshot snapshot, Instant now) {
    if (product != null) {
      List<String> unknown = new ArrayList<>(columns);
      unknown.removeAll(snapshot.table(product).orElseThrow().columns());
      if (!unknown.isEmpty()) {
        throw rejected(
            FindingCode.UNKNOWN_COLUMN,
            "it has no columns " + unknown,
            NearestName.question(unknown, snapshot.table(product).orElseThrow().columns())
                + "Name columns of "
                + snapshot.table(product).orElseThrow().columns()
                + ".");
      }
    }
    AccessEvaluator evaluator = snapshot.evaluator(List.of());
    Map<String, List<String>> values = new TreeMap<>();
    with.forEach((key, value) -> values.put(key, List.of(value)));
    for (Resource on : resources(snapshot)) {
      evaluator
          .mayTag(
              PolicySnapshot.accountActor(snapshot.account()), on, values, Optional.empty(), now)
          .ifPresent(
              code -> {
                UndefinedTags undefined = UndefinedTags.of(domain, snapshot.vocabulary(), values);
                throw rejected(code, undefined.reason(), undefined.fix());
              });
    }
  }

  private List<Resource> resources(PolicySnapshot snapshot) {
    if (product == null) {
      return List.of(new Resource.Database(snapshot.account(), NameGrammar.storage(domain)));
    }
    Resource.Table table = snapshot.resource(product);
    return columns.isEmpty()
        ? List.of(table)
        : columns.stream()
            .<Resource>map(
                column ->
                    new Resource.Columns(
                        table.account(), table.in(), table.name(), List.of(column)))
            .toList();
  }

  private PolicySnapshot after(PolicySnapshot before) {
    if (product == null) {
      return before.tags(changed(before.tags()));
    }
    TableRights table = before.table(product).orElseThrow();
    if (columns.isEmpty()) {
      return before.table(table.tagged(changed(table.tags()), table.columnTags()));
    }
    Map<String, Map<String, String>> all = new TreeMap<>(table.columnTags());
    for (String column : table.fields().namesOfSame(columns)) {
      Map<String, String> own = changed(all.getOrDefault(column, Map.of()));
      if (own.isEmpty()) {
        all.remove(column);
      } else {
        all.put(column, own);
      }
    }
    return before.table(table.tagged(table.tags(), all));
  }

  private Map<String, String> changed(Map<String, String> own) {
    Map<String, String> changed = new TreeMap<>(own);
    changed.putAll(with);
    changed.keySet().removeAll(without);
    if (changed.size() > MAX_TAGS) {
      throw rejected(
          FindingCode.TOO_MANY_TAGS,
          "it would have " + changed.size() + " tags; the limit is " + MAX_TAGS,
          "Call remove(..) for some of them.");
    }
    return changed;
  }

  private Map<String, String> effectiveTags(PolicySnapshot after) {
    AccessEvaluator evaluator = after.evaluator(List.of());
    Map<String, String> common = null;
    for (Resource on : resources(after)) {
      Map<String, String> tags = new TreeMap<>(evaluator.effectiveTags(on));
      if (common == null) {
        common = tags;
      } else {
        common.entrySet().retainAll(tags.entrySet());
      }
    }
    return common == null ? Map.of() : common;
  }

  /** Returns true if the resource has no tags except inherited ones. */
  private boolean hasNoTags(PolicySnapshot after) {
    if (product == null) {
      return after.tags().isEmpty();
    }
    TableRights table = after.table(product).orElseThrow();
    return table.tags().isEmpty() && table.columnTags().isEmpty();
  }

  private ObjectNode document(Optional<VersionedDocument> existing, PolicySnapshot after) {
    if (product == null) {
      return new StoredTags(after.tags(), Map.of(), BoundColumns.NONE).toDocument(existing);
    }
    TableRights table = after.table(product).orElseThrow();
    StoredTags before = StoredTags.of(existing);
    BoundColumns bound =
        table
            .fields()
            .bindAgain(
                table.columnTags().keySet(),
                columns,
                List.copyOf(before.columns().keySet()),
                before.fieldIds());
    return new StoredTags(table.tags(), table.columnTags(), bound).toDocument(existing);
  }

  private EventDetails.TagAssignment details() {
    return new EventDetails.TagAssignment(with, List.copyOf(without), List.copyOf(columns));
  }

  private Step step() {
    return new Step(
        "tag",
        subject() + (columns.isEmpty() ? "" : " on " + String.join(", ", columns)),
        (with.isEmpty() ? "" : "with " + with)
            + (with.isEmpty() || without.isEmpty() ? "" : ", ")
            + (without.isEmpty() ? "" : "without " + without),
        "restore its tags");
  }

  private String subject() {
    return product == null ? domain : product.toString();
  }

  private InvalidRequestException rejected(FindingCode code, String reason, String fix) {
    return Failure.of(action())
        .because(ReasonText.of(reason, code))
        .fix(fix)
        .findings(List.of(Finding.error(code, subject(), reason + ".", fix)))
        .invalidRequest(ErrorCode.INVALID_ARGUMENT);
  }
}
