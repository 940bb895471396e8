package io.meshwork.internal.grants;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.access.AccessClient;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.lakeformation.AccessEvaluator;
import io.meshwork.internal.lakeformation.Resource;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.rights.PolicySnapshot;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.internal.rights.TableRights;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ResolvedProduct;
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
final class TagChange implements AccessClient.TagResource, RightsOperation<Map<String, String>> {
  private static final int MOST_TAGS = 50;

  private final ClientSession session;
  private final String domain;
  private final @Nullable ProductName product;
  private final RightsChange<Map<String, String>> change;
  private final Map<String, String> with = new TreeMap<>();
  private final TreeSet<String> without = new TreeSet<>();
  private List<String> columns = List.of();

  private TagChange(ClientSession session, String domain, @Nullable ProductName product) {
    this.session = session;
    this.domain = domain;
    this.product = product;
    this.change = new RightsChange<>(session, action(), this::proposal);
  }

  static TagChange of(ClientSession session, @Nullable CharSequence productOrDomain) {
    String name = ArgumentChecks.required("productOrDomain", productOrDomain).toString();
    ResolvedProduct.rejectLink(session, name, MeshAction.of(Verb.TAG));
    if (name.indexOf('/') < 0) {
      return new TagChange(session, NameGrammar.check("domain", name), null);
    }
    ProductName product = ProductName.of(name);
    return new TagChange(session, product.domain(), product);
  }

  @Override
  public AccessClient.TagResource with(String key, String value) {
    String folded = TagDefinition.own(TagDefinition.checked("key", key));
    with.put(folded, TagDefinition.checked("value", value));
    without.remove(folded);
    return this;
  }

  @Override
  public AccessClient.TagResource without(String key) {
    String folded = TagDefinition.own(TagDefinition.checked("key", key));
    without.add(folded);
    with.remove(folded);
    return this;
  }

  @Override
  public AccessClient.TagResource onColumns(String... names) {
    columns = ArgumentChecks.all("onColumns", names);
    if (columns.isEmpty() || product == null) {
      throw ArgumentChecks.refused(
          "onColumns",
          columns.isEmpty() ? "is empty" : "is of a domain, which has none",
          "Name columns of a product.");
    }
    return this;
  }

  @Override
  public RightsChange<Map<String, String>> change() {
    return change;
  }

  private ChangeSet<Map<String, String>> proposal(RightsDocuments documents, Instant now) {
    if (with.isEmpty() && without.isEmpty()) {
      throw refused("NOTHING_SAID", "no tag was said", "Say with(..) or without(..).");
    }
    DomainEntry entry = session.authorizer().requireAdministrator(domain, action());
    ChangeSet.Policy policy = new ChangeSet.Policy(domain, documents.policy(domain));
    List<VersionedDocument> checks = new ArrayList<>(List.of(entry.stored()));
    PolicySnapshot before;
    Key key;
    if (product == null) {
      before = documents.ofDomain(entry, action());
      key = RegistryKeys.tags(domain);
    } else {
      ProductEntry of = session.catalog().requireProduct(product, action());
      VersionEntry version = session.catalog().requireVersion(product, of.currentMajor(), action());
      before = documents.ofProduct(entry, of, version);
      key = RegistryKeys.tags(product);
      checks.add(of.stored());
      checks.add(version.majorStored());
    }
    requireAllowed(before, now);
    PolicySnapshot after = after(before);
    Map<String, String> result = carried(after);
    Optional<VersionedDocument> existing = documents.read(key);
    Optional<ObjectNode> json =
        untagged(after) ? Optional.empty() : Optional.of(document(existing, after));
    boolean same = after.equals(before);
    return new ChangeSet<>(
        "Tag " + subject(),
        new ChangeSet.Entry(key.partition(), "tags.changed", subject(), details()),
        policy,
        same ? List.of() : List.of(new ChangeSet.Write(key, existing, json)),
        checks,
        same ? List.of() : List.of(step()),
        List.of(),
        product == null ? AffectedResources.of(domain) : AffectedResources.of(product),
        result);
  }

  private void requireAllowed(PolicySnapshot world, Instant now) {
    if (product != null) {
      List<String> unknown = new ArrayList<>(columns);
      unknown.removeAll(world.table(product).orElseThrow().columns());
      if (!unknown.isEmpty()) {
        throw refused(
            "UNKNOWN_COLUMN",
            "it has no columns " + unknown,
            "Name some of " + world.table(product).orElseThrow().columns() + ".");
      }
    }
    AccessEvaluator evaluator = world.evaluator(List.of());
    Map<String, List<String>> wanted = new TreeMap<>();
    with.forEach((key, value) -> wanted.put(key, List.of(value)));
    for (Resource on : resources(world)) {
      evaluator
          .mayTag(PolicySnapshot.whoActsFor(world.account()), on, wanted, Optional.empty(), now)
          .ifPresent(
              code -> {
                throw refused(
                    code,
                    "domain '"
                        + domain
                        + "' does not define all of "
                        + with
                        + "; it defines "
                        + world.vocabulary(),
                    "Define it with governance().defineTag(..).");
              });
    }
  }

  private List<Resource> resources(PolicySnapshot world) {
    if (product == null) {
      return List.of(new Resource.Database(world.account(), NameGrammar.storage(domain)));
    }
    Resource.Table table = world.resource(product);
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
    for (String column : columns) {
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
    if (changed.size() > MOST_TAGS) {
      throw refused(
          "LIMIT",
          "it would carry " + changed.size() + " tags of its own and the limit is " + MOST_TAGS,
          "Remove some with without(..).");
    }
    return changed;
  }

  private Map<String, String> carried(PolicySnapshot after) {
    AccessEvaluator evaluator =
        after.without(after.grants().stream().map(StoredGrant::id).toList()).evaluator(List.of());
    Map<String, String> carried = null;
    for (Resource on : resources(after)) {
      Map<String, String> tags = new TreeMap<>(evaluator.effectiveTags(on));
      if (carried == null) {
        carried = tags;
      } else {
        carried.entrySet().retainAll(tags.entrySet());
      }
    }
    return carried == null ? Map.of() : carried;
  }

  /** True if no tag is left that is its own, so that there is nothing to keep. */
  private boolean untagged(PolicySnapshot after) {
    if (product == null) {
      return after.tags().isEmpty();
    }
    TableRights table = after.table(product).orElseThrow();
    return table.tags().isEmpty() && table.columnTags().isEmpty();
  }

  private ObjectNode document(Optional<VersionedDocument> existing, PolicySnapshot after) {
    ObjectNode json =
        existing.map(VersionedDocument::json).orElseGet(DocumentJson::create).deepCopy();
    if (product == null) {
      put(json.putObject("tags"), after.tags());
      return json;
    }
    TableRights table = after.table(product).orElseThrow();
    put(json.putObject("table"), table.tags());
    ObjectNode all = json.putObject("columns");
    new TreeMap<>(table.columnTags()).forEach((column, tags) -> put(all.putObject(column), tags));
    table.fields().bind(table.columnTags().keySet(), Optional.empty()).write(json);
    return json;
  }

  private static void put(ObjectNode json, Map<String, String> tags) {
    new TreeMap<>(tags).forEach(json::put);
  }

  private ObjectNode details() {
    ObjectNode details = JsonNodeFactory.instance.objectNode();
    put(details.putObject("set"), with);
    ArrayNode removed = details.putArray("removed");
    without.forEach(removed::add);
    if (!columns.isEmpty()) {
      columns.forEach(details.putArray("columns")::add);
    }
    return details;
  }

  private Step step() {
    return new Step(
        "tag",
        subject() + (columns.isEmpty() ? "" : " on " + String.join(", ", columns)),
        (with.isEmpty() ? "" : "with " + with)
            + (with.isEmpty() || without.isEmpty() ? "" : ", ")
            + (without.isEmpty() ? "" : "without " + without),
        "tag it as it was");
  }

  private String subject() {
    return product == null ? domain : product.toString();
  }

  private MeshAction action() {
    return MeshAction.of(Verb.TAG, subject());
  }

  private InvalidRequestException refused(String code, String why, String fix) {
    return new InvalidRequestException(
        ErrorCode.INVALID_ARGUMENT,
        "Cannot " + action() + ": " + why + " (" + code + "). Nothing was changed. " + fix,
        List.of(Finding.error(code, subject(), why + ".", fix)));
  }
}
