package io.meshwork.sharing;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.access.AccessEvaluator;
import io.meshwork.access.Resource;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.Documents;
import io.meshwork.internal.ledger.Stored;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.RightsWorld;
import io.meshwork.internal.rights.TableRights;
import io.meshwork.internal.runtime.Arguments;
import io.meshwork.internal.session.Session;
import io.meshwork.internal.session.Target;
import io.meshwork.operation.Plan.Step;
import io.meshwork.product.Names;
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

/**
 * Tags a product, some of its columns, or a whole domain. A product has its domain's tags and a
 * column its product's, where it has no value of its own. Gives the tags that it carries then, with
 * those from above; of several columns those that all of them carry. A tag or value that the domain
 * does not define is refused. One thread; committed once.
 */
public final class TagResource implements AccessOperation<Map<String, String>> {
  private static final int MOST_TAGS = 50;

  private final Session session;
  private final String domain;
  private final @Nullable ProductName product;
  private final RightsChange<Map<String, String>> change;
  private final Map<String, String> with = new TreeMap<>();
  private final TreeSet<String> without = new TreeSet<>();
  private List<String> columns = List.of();

  private TagResource(Session session, String domain, @Nullable ProductName product) {
    this.session = session;
    this.domain = domain;
    this.product = product;
    this.change = new RightsChange<>(session, doing(), this::proposal);
  }

  /** Called by {@code MeshClient.tag}. */
  public static TagResource of(Session session, @Nullable CharSequence productOrDomain) {
    String name = Arguments.given("productOrDomain", productOrDomain).toString();
    Target.refuseLink(session, name, "tag");
    if (name.indexOf('/') < 0) {
      return new TagResource(session, Names.check("domain", name), null);
    }
    ProductName product = ProductName.of(name);
    return new TagResource(session, product.domain(), product);
  }

  /** Sets a tag that the domain defines. */
  public TagResource with(String key, String value) {
    String folded = DefineTag.own(DefineTag.checked("key", key));
    with.put(folded, DefineTag.checked("value", value));
    without.remove(folded);
    return this;
  }

  /** Removes a tag here; a value from above shows through again. */
  public TagResource without(String key) {
    String folded = DefineTag.own(DefineTag.checked("key", key));
    without.add(folded);
    with.remove(folded);
    return this;
  }

  /** On these top-level columns instead of the whole product. */
  public TagResource onColumns(String... names) {
    columns = Arguments.all("onColumns", names);
    if (columns.isEmpty() || product == null) {
      throw Arguments.refused(
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

  private Proposal<Map<String, String>> proposal(RightsDocuments documents, Instant now) {
    if (with.isEmpty() && without.isEmpty()) {
      throw refused("NOTHING_SAID", "no tag was said", "Say with(..) or without(..).");
    }
    DomainEntry entry = session.admission().actsFor(domain, doing());
    Proposal.Policy policy = new Proposal.Policy(domain, documents.policy(domain));
    List<Stored> checks = new ArrayList<>(List.of(entry.stored()));
    RightsWorld before;
    Key key;
    if (product == null) {
      before = documents.ofDomain(entry, doing());
      key = Keys.tags(domain);
    } else {
      ProductEntry of = session.catalog().requireProduct(product, doing());
      VersionEntry version = session.catalog().requireVersion(product, of.currentMajor(), doing());
      before = documents.ofProduct(entry, of, version);
      key = Keys.tags(product);
      checks.add(of.stored());
      checks.add(version.majorStored());
    }
    requireAllowed(before, now);
    RightsWorld after = after(before);
    Map<String, String> result = carried(after);
    Optional<Stored> existing = documents.read(key);
    Optional<ObjectNode> json =
        untagged(after) ? Optional.empty() : Optional.of(document(existing, after));
    boolean same = after.equals(before);
    return new Proposal<>(
        "Tag " + subject(),
        new Proposal.Entry(key.partition(), "tags.changed", subject(), details()),
        policy,
        same ? List.of() : List.of(new Proposal.Write(key, existing, json)),
        checks,
        same ? List.of() : List.of(step()),
        List.of(),
        product == null ? Reach.of(domain) : Reach.of(product),
        result);
  }

  private void requireAllowed(RightsWorld world, Instant now) {
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
          .mayTag(RightsWorld.whoActsFor(world.account()), on, wanted, Optional.empty(), now)
          .code()
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

  private List<Resource> resources(RightsWorld world) {
    if (product == null) {
      return List.of(new Resource.Database(world.account(), Names.storage(domain)));
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

  private RightsWorld after(RightsWorld before) {
    if (product == null) {
      return before.tags(changed(before.tags()));
    }
    TableRights table = before.table(product).orElseThrow();
    if (columns.isEmpty()) {
      return before.table(
          new TableRights(product, table.contract(), changed(table.tags()), table.columnTags()));
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
    return before.table(new TableRights(product, table.contract(), table.tags(), all));
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

  private Map<String, String> carried(RightsWorld after) {
    AccessEvaluator evaluator = after.evaluator(List.of());
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
  private boolean untagged(RightsWorld after) {
    if (product == null) {
      return after.tags().isEmpty();
    }
    TableRights table = after.table(product).orElseThrow();
    return table.tags().isEmpty() && table.columnTags().isEmpty();
  }

  private ObjectNode document(Optional<Stored> existing, RightsWorld after) {
    ObjectNode json = existing.map(Stored::json).orElseGet(Documents::create).deepCopy();
    if (product == null) {
      put(json.putObject("tags"), after.tags());
      return json;
    }
    TableRights table = after.table(product).orElseThrow();
    put(json.putObject("table"), table.tags());
    ObjectNode all = json.putObject("columns");
    new TreeMap<>(table.columnTags()).forEach((column, tags) -> put(all.putObject(column), tags));
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

  private String doing() {
    return "tag " + subject();
  }

  private InvalidRequestException refused(String code, String why, String mend) {
    return new InvalidRequestException(
        ErrorCode.INVALID_ARGUMENT,
        "Cannot " + doing() + ": " + why + " (" + code + "). Nothing was changed. " + mend,
        List.of(Finding.error(code, subject(), why + ".", mend)));
  }
}
