package io.meshwork.internal.catalog;

import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.UnloggedDocuments;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.routing.PartitionCatalogs;
import io.meshwork.internal.runtime.Sha256;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import io.meshwork.topology.Topology;
import java.time.YearMonth;
import java.util.Locale;
import java.util.Optional;

/**
 * The keys of all documents. The first part of a partition is the domain that writes it. Names are
 * in storage form, so names that differ only by a hyphen have the same key.
 */
public final class RegistryKeys {
  /** The partition of governance. */
  public static final String MESH = PartitionCatalogs.MESH;

  /** Prefix of the sort keys of domains, in {@link #MESH}. */
  public static final String DOMAINS = "domain/";

  /** Prefix of the sort keys of guest domains, in the governance partition of a catalog. */
  public static final String GUESTS = "guest/";

  /** Prefix of the sort keys of products, in the domain's partition. */
  public static final String PRODUCTS = "product/";

  /** Prefix of the sort keys of receipts, in the product's partition. */
  public static final String RECEIPTS = "key/";

  /** Prefix of the sort keys of the proofs of erasures, in the product's partition. */
  public static final String ERASURES = "erasure/";

  /** Prefix of the sort keys of the files that an erasure deletes, in the product's partition. */
  public static final String ERASING = "erasing/";

  /** Prefix of the sort keys of staged publishes, in the product's partition. */
  public static final String STAGED = "staged/";

  /** Prefix of the sort keys of archived log parts, in the partition of the log. */
  public static final String ARCHIVES = "archive/";

  /** Prefix of the sort keys of subscriptions, in the consuming domain's partition. */
  public static final String SUBSCRIPTIONS = "subscription/";

  /** Prefix of the sort keys of ended subscriptions, in the consuming domain's partition. */
  public static final String ENDED_SUBSCRIPTIONS = "subscription-ended/";

  /** Prefix of the sort keys of answers to the offers of rollouts, in the consumer's partition. */
  public static final String ANSWERS = "answer/";

  /** Prefix of the sort keys of table pointers, in the product's partition. */
  public static final String TABLES = "table/";

  /** Prefix of the sort keys of grants, in the partition of the granted domain or product. */
  public static final String GRANTS = "grant/";

  /** Prefix of the sort keys of accounts, in the governance partition of a catalog. */
  public static final String ACCOUNTS = "account/";

  /** Prefix of the sort keys of grants that an account passes on, in its domain's partition. */
  public static final String REGRANTS = "regrant/";

  /** Prefix of the sort keys of authorizations, in the partition of the domain or product. */
  public static final String AUTHORIZATIONS = "authorization/";

  /**
   * Prefix of the sort keys of executor accounts, in the partition of the domain or executor that
   * authorized them. They are never removed, so that what these executors wrote is always found.
   */
  public static final String EXECUTORS = "executor/";

  /** Prefix of the sort keys of the tags that a domain defines, in its partition. */
  public static final String TAG_KEYS = "tag/";

  /** Prefix of the sort keys of links, in the consuming domain's partition in its home. */
  public static final String LINKS = "link/";

  /** Prefix of the sort keys of access requests, in a partition of the consuming domain. */
  public static final String REQUESTS = "request/";

  /** Prefix of the sort keys of decisions on requests, in the product's partition. */
  public static final String DECISIONS = "decision/";

  /** Prefix of the sort keys of suggestions, in a partition of the consuming domain. */
  public static final String SUGGESTIONS = "suggestion/";

  /** Prefix of the sort keys of answers to suggestions, in the product's partition. */
  public static final String SUGGESTION_ANSWERS = "suggestion-answer/";

  /** Prefix of the sort keys of rollouts, in the product's partition. */
  public static final String ROLLOUTS = "rollout/";

  /** Prefix of the sort keys of sent reminders, in the partition of the reminded domain. */
  public static final String REMINDERS = "reminder/";

  /** Prefix of the episodes in which a major version is late. */
  public static final String LATENESS = "late/";

  /** Prefix of the sort keys of the positions of feeds, in the product's partition. */
  public static final String FEEDS = "feed/";

  /** Prefix of the sort keys of the stewards of the mesh, in {@link #MESH}. */
  public static final String STEWARDS = "steward/";

  /** Prefix of the sort keys of requests to stewards, in the product's partition. */
  public static final String STEWARD_REQUESTS = "steward-request/";

  private static final String FINAL = "final";

  private RegistryKeys() {}

  /**
   * The partition with the log of reads and denials of a domain's accounts.
   *
   * @param domain {@link #MESH} for accounts that act for no domain
   */
  public static String reads(String domain) {
    return PartitionCatalogs.reads(partition(domain));
  }

  /**
   * The key of the minutes of a month in which a domain opened a version of a product, or could
   * not.
   *
   * @param domain the domain that read
   */
  public static Key opens(String domain, ProductName product, int major, YearMonth month) {
    return new Key(
        reads(domain), UnloggedDocuments.OPENS + partition(product) + "/v" + major + "/" + month);
  }

  /** The partition with what mirrors show of a catalog, by its governance partition. */
  public static String mirrors(String governance) {
    return PartitionCatalogs.mirrors(governance);
  }

  /** True if it is the partition of a log of reads and denials. */
  public static boolean isReads(String partition) {
    return PartitionCatalogs.isReads(partition);
  }

  /** A domain of a central mesh. */
  public static Key domain(String domain) {
    return domain(MESH, domain);
  }

  /** A domain, in the governance partition of its home. */
  public static Key domain(String governance, String domain) {
    return new Key(governance, DOMAINS + NameGrammar.storage(domain));
  }

  /** The domain that an account acts for, in the governance partition of that domain's home. */
  public static Key account(String governance, String account) {
    return new Key(governance, ACCOUNTS + account);
  }

  /** A guest domain, in the governance partition of the catalog whose guest it is. */
  public static Key guest(String governance, String domain) {
    return new Key(governance, GUESTS + NameGrammar.storage(domain));
  }

  /** The partition of a domain; a partition of executors itself. */
  public static String partition(String domain) {
    return PartitionCatalogs.isExecutor(domain) ? domain : NameGrammar.storage(domain);
  }

  /** The partition that executors of an account write for a domain. */
  public static String executorPartition(String domain, String account) {
    return PartitionCatalogs.executor(domain, account);
  }

  /**
   * An account whose principals may grant for a domain.
   *
   * @param partition the partition of the domain or executor that authorized it
   */
  public static Key executor(String partition, String account) {
    return new Key(partition(partition), EXECUTORS + account);
  }

  /**
   * Prefix of the sort keys of the grants of executors.
   *
   * @param product the granted product; empty for grants on the domain
   */
  public static String executedGrants(Optional<ProductName> product) {
    return GRANTS + product.map(name -> NameGrammar.storage(name.product())).orElse("@") + "/";
  }

  /** A grant of an executor, in the partition of its account. */
  public static Key executedGrant(String partition, Optional<ProductName> product, String id) {
    return new Key(partition, executedGrants(product) + id);
  }

  /** The final decision on a request by an executor, in the partition of its account. */
  public static Key executedDecision(String partition, String request) {
    return new Key(partition, decisions(request) + FINAL);
  }

  /**
   * The executor accounts that may decide a request, because an authorization is for this one.
   * Never removed, so that their decision is always found. No account begins with {@code @}.
   */
  public static Key deciders(ProductName product, String request) {
    return new Key(partition(product), decisions(request) + "@" + Topology.BY);
  }

  public static String partition(ProductName product) {
    return NameGrammar.storage(product.domain()) + "/" + NameGrammar.storage(product.product());
  }

  /** A product, without its versions. */
  public static Key product(ProductName product) {
    return new Key(partition(product.domain()), PRODUCTS + NameGrammar.storage(product.product()));
  }

  public static Key contract(ProductName product, ContractVersion version) {
    return new Key(partition(product), "contract/" + version);
  }

  /** The state of one major. */
  public static Key major(ProductName product, int major) {
    return new Key(partition(product), "major/" + major);
  }

  public static Key rollout(ProductName product, int number) {
    return new Key(partition(product), ROLLOUTS + number);
  }

  /**
   * The dates that the owner of a rollout offered to a consumer.
   *
   * @param consumer the consumer as {@code domain/subscription}, or {@code domain/@} for reads
   *     without one
   */
  public static Key rolloutOffer(ProductName product, int rollout, String consumer) {
    return new Key(partition(product), offers(rollout) + NameGrammar.storage(consumer));
  }

  /** Prefix of the sort keys of the offers of a rollout. */
  public static String offers(int rollout) {
    return "offer/" + rollout + "/";
  }

  /**
   * The answers of a consumer to the offers of a rollout.
   *
   * @param consumer as in {@link #subscription}
   * @param name the name of the subscription, or {@code @} for reads without one
   */
  public static Key rolloutAnswer(String consumer, ProductName product, int rollout, String name) {
    return new Key(consumer, answers(product, rollout) + NameGrammar.storage(name));
  }

  /** Prefix of the sort keys of the answers of a consuming domain to the offers of a rollout. */
  public static String answers(ProductName product, int rollout) {
    return ANSWERS + ofProduct(product) + rollout + "/";
  }

  /** The lock that blocks new subscriptions to a major while its contract is amended. */
  public static Key amending(ProductName product, int major) {
    return new Key(partition(product), UnloggedDocuments.AMENDING + major);
  }

  /** The last amendment that a decider proposed for a major, where two must agree. */
  public static Key proposedAmendment(ProductName product, int major) {
    return new Key(partition(product), "amendment/" + major);
  }

  /** Prefix of the sort keys of the index entries of a domain's products. */
  public static final String INDEX_ENTRIES = UnloggedDocuments.INDEX + "shape/";

  /** Prefix of the sort keys of the activities of a domain's products. */
  public static final String ACTIVITIES = UnloggedDocuments.INDEX + "pulse/";

  /** Prefix of the sort keys of refused publishes, in the partition of {@link #reads}. */
  public static final String REFUSED = UnloggedDocuments.INDEX + "refused/";

  /**
   * The partition with the index entries and activities of a domain: the one of {@link #reads},
   * which publishers for the domain write, and not the domain's own, which has its rights.
   */
  public static String index(String domain) {
    return reads(domain);
  }

  /** Prefix of the sort keys of the index entries of a product, in the partition {@link #index}. */
  public static String indexEntries(ProductName product) {
    return INDEX_ENTRIES + NameGrammar.storage(product.product()) + "/";
  }

  /** The index entry of one major, in the partition {@link #index}. */
  public static Key indexEntry(ProductName product, int major) {
    return new Key(index(product.domain()), INDEX_ENTRIES + indexed(product, major));
  }

  /** The activity of one major, in the partition {@link #index}. */
  public static Key activity(ProductName product, int major) {
    return new Key(index(product.domain()), ACTIVITIES + indexed(product, major));
  }

  /**
   * Prefix of the sort keys of which products of a domain depend on others, in the partition {@link
   * #index}.
   */
  public static final String DEPENDENTS = UnloggedDocuments.INDEX + "dependent/";

  /** Prefix of the sort keys of products that depend on too many others, and of the note below. */
  public static final String DEPENDENT_ON_MANY = DEPENDENTS + "@/";

  /** Prefix of the sort keys of products of a domain that depend on a product. */
  public static String dependents(ProductName input) {
    return DEPENDENTS + partition(input) + "/";
  }

  /** The document that says that a product depends, or once depended, on another. */
  public static Key dependent(ProductName input, ProductName dependent) {
    return new Key(
        index(dependent.domain()), dependents(input) + NameGrammar.storage(dependent.product()));
  }

  /** The document that says that a product depends on many others. */
  public static Key dependentOnMany(ProductName dependent) {
    return new Key(
        index(dependent.domain()), DEPENDENT_ON_MANY + NameGrammar.storage(dependent.product()));
  }

  private static String indexed(ProductName product, int major) {
    return NameGrammar.storage(product.product()) + "/" + major;
  }

  /** The quality history of one major. */
  public static Key quality(ProductName product, int major) {
    return new Key(partition(product), "quality/" + major);
  }

  /** The receipt of the publish under an idempotency key. */
  public static Key receipt(ProductName product, String idempotencyKey) {
    return new Key(partition(product), RECEIPTS + Sha256.hex(idempotencyKey));
  }

  /** The proof of the erasure under an idempotency key. */
  public static Key erasure(ProductName product, String idempotencyKey) {
    return new Key(partition(product), ERASURES + Sha256.hex(idempotencyKey));
  }

  /** Prefix of the sort keys of the files that the erasure under an idempotency key deletes. */
  public static String erasing(String idempotencyKey) {
    return ERASING + Sha256.hex(idempotencyKey) + "/";
  }

  /** The staged publish under an idempotency key. */
  public static Key staged(ProductName product, String idempotencyKey) {
    return new Key(partition(product), STAGED + Sha256.hex(idempotencyKey));
  }

  /** The fence of a publish, which prevents its commit. */
  public static Key fence(ProductName product, String publishId) {
    return fence(partition(product), publishId);
  }

  /** The fence of a publish, by the product's partition. */
  public static Key fence(String partition, String publishId) {
    return new Key(partition, Ledger.FENCES + publishId);
  }

  /**
   * An archived part of a log.
   *
   * @param first the sequence of its first entry
   */
  public static Key archive(String partition, long first) {
    return new Key(partition, String.format(Locale.ROOT, "%s%020d", ARCHIVES, first));
  }

  /**
   * A subscription of a consuming domain.
   *
   * @param consumer the partition that the domain writes to, {@link Catalog#consumerPartition}
   */
  public static Key subscription(String consumer, ProductName product, String name) {
    return new Key(consumer, subscriptions(product) + NameGrammar.storage(name));
  }

  /** Prefix of the sort keys of subscriptions to a product. */
  public static String subscriptions(ProductName product) {
    return SUBSCRIPTIONS + ofProduct(product);
  }

  /**
   * The entry of an ended subscription, which distinguishes it from a later one with its name.
   *
   * @param consumer as in {@link #subscription}
   */
  public static Key endedSubscription(String consumer, ProductName product, String name) {
    return new Key(consumer, ENDED_SUBSCRIPTIONS + ofProduct(product) + NameGrammar.storage(name));
  }

  /**
   * The position of a subscription.
   *
   * @param consumer as in {@link #subscription}
   */
  public static Key position(String consumer, ProductName product, String name) {
    return new Key(consumer, positions(product) + NameGrammar.storage(name));
  }

  /** Prefix of the sort keys of positions in a product. */
  public static String positions(ProductName product) {
    return UnloggedDocuments.POSITIONS + ofProduct(product);
  }

  /**
   * The use of a major by a subscription, or by reads without one.
   *
   * @param consumer as in {@link #subscription}
   * @param name the subscription's name, or {@link UsageEntry#WITHOUT_SUBSCRIPTION}
   */
  public static Key usage(String consumer, ProductName product, String name, int major) {
    return new Key(consumer, usages(product, name) + major);
  }

  /** Prefix of the sort keys of the use of a subscription, or of reads without one. */
  public static String usages(ProductName product, String name) {
    return usages(product) + NameGrammar.storage(name) + "/";
  }

  /** Prefix of the sort keys of the use of a product by a consumer. */
  public static String usages(ProductName product) {
    return UnloggedDocuments.USAGE + ofProduct(product);
  }

  /**
   * A hold, which retains a snapshot during one long read.
   *
   * @param consumer as in {@link #subscription}
   */
  public static Key hold(String consumer, ProductName product, String id) {
    return new Key(consumer, holds(product) + id);
  }

  /** Prefix of the sort keys of holds on a product. */
  public static String holds(ProductName product) {
    return UnloggedDocuments.HOLDS + ofProduct(product);
  }

  /**
   * A document that is rewritten with every change of a domain's tags and grants; readers detect a
   * change by its version.
   */
  public static Key policy(String domain) {
    return new Key(partition(domain), "policy");
  }

  /**
   * A tag that a domain defines, by its key in lower case, or by a hash if a registry key cannot
   * contain it. The hash is longer than any tag key.
   */
  public static Key tagKey(String domain, String key) {
    boolean plain = key.chars().allMatch(c -> c >= 0x20 && c <= 0x7e);
    return new Key(partition(domain), TAG_KEYS + (plain ? key : "~" + Sha256.hex(key)));
  }

  public static Key tags(String domain) {
    return new Key(partition(domain), "tags");
  }

  /** The tags on a product and its columns. */
  public static Key tags(ProductName product) {
    return new Key(partition(product), "tags");
  }

  /** A grant by tags of a domain. */
  public static Key grant(String domain, String id) {
    return new Key(partition(domain), GRANTS + id);
  }

  /** Returns true for a grant of an owner or a recipient, not for one of an executor. */
  public static boolean isGrant(Key key) {
    return !PartitionCatalogs.isExecutor(key.partition())
        && (key.sort().startsWith(GRANTS) || key.sort().startsWith(REGRANTS));
  }

  public static Key grant(ProductName product, String id) {
    return new Key(partition(product), GRANTS + id);
  }

  /** A grant that an account of a consuming domain passes on. */
  public static Key regrant(String consumer, String id) {
    return new Key(partition(consumer), REGRANTS + id);
  }

  public static Key authorization(String domain, String id) {
    return new Key(partition(domain), AUTHORIZATIONS + id);
  }

  public static Key authorization(ProductName product, String id) {
    return new Key(partition(product), AUTHORIZATIONS + id);
  }

  /**
   * A link in a consuming domain's catalog.
   *
   * @param consumer the partition of its links, {@link Catalog#homeConsumerPartition}
   */
  public static Key link(String consumer, LinkName name) {
    return new Key(
        partition(consumer), LINKS + name.database() + name.table().map(t -> "/" + t).orElse(""));
  }

  /** Prefix of the sort keys of requests to a domain. */
  public static String requestsTo(String owner) {
    return REQUESTS + NameGrammar.storage(owner) + "/";
  }

  /** An access request, in a partition of the consuming domain. */
  public static Key request(String partition, String owner, String id) {
    return new Key(partition, requestsTo(owner) + id);
  }

  /** Prefix of the sort keys of suggestions to a domain. */
  public static String suggestionsTo(String owner) {
    return SUGGESTIONS + NameGrammar.storage(owner) + "/";
  }

  /** A suggestion, in a partition of the consuming domain. */
  public static Key suggestion(String partition, String owner, String id) {
    return new Key(partition, suggestionsTo(owner) + id);
  }

  /** The owner's answer to a suggestion. */
  public static Key suggestionAnswer(ProductName product, String id) {
    return new Key(partition(product), SUGGESTION_ANSWERS + id);
  }

  /** Prefix of the sort keys of decisions on a request. */
  public static String decisions(String request) {
    return DECISIONS + request + "/";
  }

  public static Key decision(ProductName product, String request, Principal by) {
    return new Key(partition(product), decisions(request) + by);
  }

  /** The final decision on a request. No principal has the name {@code final}. */
  public static Key finalDecision(ProductName product, String request) {
    return new Key(partition(product), decisions(request) + FINAL);
  }

  /** A sent reminder of a request or a grant. */
  public static Key reminder(String partition, String id) {
    return new Key(partition, REMINDERS + id);
  }

  /** The episode in which a major version is late. */
  public static Key lateness(ProductName product, int major) {
    return new Key(partition(product), LATENESS + major);
  }

  /** The position of a feed of a product. */
  public static Key feed(ProductName product, String feed) {
    return new Key(partition(product), FEEDS + feed);
  }

  /** A steward of the mesh. */
  public static Key steward(Principal steward) {
    return new Key(MESH, STEWARDS + steward);
  }

  /** A request of a product's owner to the stewards. */
  public static Key stewardRequest(ProductName product, String id) {
    return new Key(partition(product), STEWARD_REQUESTS + id);
  }

  /**
   * The approval of a request by a steward.
   *
   * @param governance the governance partition of the catalog with the product
   */
  public static Key stewardApproval(String governance, ProductName product, String id) {
    return new Key(governance, "approval/" + ofProduct(product) + id);
  }

  private static String ofProduct(ProductName product) {
    return NameGrammar.storage(product.domain())
        + "."
        + NameGrammar.storage(product.product())
        + "/";
  }
}
