package io.meshwork.internal.catalog;

import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.UnloggedDocuments;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.routing.PartitionCatalogs;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * Where each document lives and so who writes it: the first part of a partition is the writing
 * domain. Names are in storage form, so twins that differ by a hyphen meet on one key.
 */
public final class RegistryKeys {
  /** The partition of governance. */
  public static final String MESH = PartitionCatalogs.MESH;

  /** Sort keys of domains start so, in {@link #MESH}. */
  public static final String DOMAINS = "domain/";

  /** Sort keys of domains from other catalogs start so, in the governance of a catalog. */
  public static final String GUESTS = "guest/";

  /** Sort keys of product cards start so, in the domain's partition. */
  public static final String PRODUCTS = "product/";

  /** Sort keys of receipts start so, in the product's partition. */
  public static final String RECEIPTS = "key/";

  /** Sort keys of archived parts of a log start so, in the partition of the log. */
  public static final String ARCHIVES = "archive/";

  /** Sort keys of subscriptions start so, in the consuming domain's partition. */
  public static final String SUBSCRIPTIONS = "subscription/";

  /** Sort keys of table pointers start so, in the product's partition. */
  public static final String TABLES = "table/";

  /** Sort keys of grants start so, in the partition of the domain or product that they are on. */
  public static final String GRANTS = "grant/";

  /** Sort keys of what an account hands on to its own start so, in its domain's partition. */
  public static final String REGRANTS = "regrant/";

  /** Sort keys of authorizations start so, in the partition of what they are on. */
  public static final String AUTHORIZATIONS = "authorization/";

  /** Sort keys of the tags that a domain defines start so, in its partition. */
  public static final String TAG_KEYS = "tag/";

  /** Sort keys of links start so, in the consuming domain's partition. */
  public static final String LINKS = "link/";

  /** Sort keys of requests for access start so, in a partition of the consuming domain. */
  public static final String REQUESTS = "request/";

  /** Sort keys of decisions on requests start so, in the product's partition. */
  public static final String DECISIONS = "decision/";

  /** Sort keys of notes of what was reminded of start so, in the partition of who is reminded. */
  public static final String REMINDERS = "reminder/";

  private RegistryKeys() {}

  /**
   * The partition with the log of what accounts of a domain read and were denied.
   *
   * @param domain {@link #MESH} for accounts that act for none
   */
  public static String reads(String domain) {
    return PartitionCatalogs.reads(partition(domain));
  }

  /** True if it is the partition of such a log. */
  public static boolean isReads(String partition) {
    return PartitionCatalogs.isReads(partition);
  }

  /** A domain of a central mesh. */
  public static Key domain(String domain) {
    return domain(MESH, domain);
  }

  /** A domain, in the governance of its home. */
  public static Key domain(String governance, String domain) {
    return new Key(governance, DOMAINS + NameGrammar.storage(domain));
  }

  /** The domain that an account acts for, in the governance of that domain's home. */
  public static Key account(String governance, String account) {
    return new Key(governance, "account/" + account);
  }

  /** A domain that writes as a guest, in the governance of the catalog that it is a guest of. */
  public static Key guest(String governance, String domain) {
    return new Key(governance, GUESTS + NameGrammar.storage(domain));
  }

  /** The partition of a domain. */
  public static String partition(String domain) {
    return NameGrammar.storage(domain);
  }

  /** The partition of a product. */
  public static String partition(ProductName product) {
    return NameGrammar.storage(product.domain()) + "/" + NameGrammar.storage(product.product());
  }

  /** What a product is, apart from its versions. */
  public static Key product(ProductName product) {
    return new Key(partition(product.domain()), PRODUCTS + NameGrammar.storage(product.product()));
  }

  /** One contract version. */
  public static Key contract(ProductName product, ContractVersion version) {
    return new Key(partition(product), "contract/" + version);
  }

  /** The state of one major. */
  public static Key major(ProductName product, int major) {
    return new Key(partition(product), "major/" + major);
  }

  /** What keeps new subscriptions to a major away while its contract is amended. */
  public static Key amending(ProductName product, int major) {
    return new Key(partition(product), UnloggedDocuments.AMENDING + major);
  }

  /** The amendment that one decider proposed last for a major, where two have to agree. */
  public static Key proposedAmendment(ProductName product, int major) {
    return new Key(partition(product), "amendment/" + major);
  }

  /** The scores and measures of the last publishes to one major. */
  public static Key quality(ProductName product, int major) {
    return new Key(partition(product), "quality/" + major);
  }

  /** The receipt of the publish under an idempotency key. */
  public static Key receipt(ProductName product, String idempotencyKey) {
    return new Key(partition(product), RECEIPTS + sha256(idempotencyKey));
  }

  /** Where a publish is fenced off, after which it can no longer be committed. */
  public static Key fence(ProductName product, String publishId) {
    return fence(partition(product), publishId);
  }

  /** The same by the product's partition. */
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
   * @param consumer where the domain writes about the product, {@link Catalog#consumerPartition}
   */
  public static Key subscription(String consumer, ProductName product, String name) {
    return new Key(consumer, subscriptions(product) + NameGrammar.storage(name));
  }

  /** Sort keys of subscriptions to a product start so, in each consuming domain's partition. */
  public static String subscriptions(ProductName product) {
    return SUBSCRIPTIONS + ofProduct(product);
  }

  /**
   * What is kept of a subscription that was ended, so that the next one of its name is another.
   *
   * @param consumer as in {@link #subscription}
   */
  public static Key endedSubscription(String consumer, ProductName product, String name) {
    return new Key(
        consumer, "subscription-ended/" + ofProduct(product) + NameGrammar.storage(name));
  }

  /**
   * Where a subscription stands.
   *
   * @param consumer as in {@link #subscription}
   */
  public static Key position(String consumer, ProductName product, String name) {
    return new Key(consumer, positions(product) + NameGrammar.storage(name));
  }

  /** Sort keys of positions in a product start so, in each consuming domain's partition. */
  public static String positions(ProductName product) {
    return UnloggedDocuments.POSITIONS + ofProduct(product);
  }

  /**
   * When a subscription last read a major.
   *
   * @param consumer as in {@link #subscription}
   */
  public static Key usage(String consumer, ProductName product, String name, int major) {
    return new Key(consumer, usages(product, name) + major);
  }

  /** Sort keys of when a subscription last read start so, in its consuming domain's partition. */
  public static String usages(ProductName product, String name) {
    return UnloggedDocuments.USAGE + ofProduct(product) + NameGrammar.storage(name) + "/";
  }

  /**
   * What keeps a snapshot for one long read.
   *
   * @param consumer as in {@link #subscription}
   */
  public static Key hold(String consumer, ProductName product, String id) {
    return new Key(consumer, holds(product) + id);
  }

  /** Sort keys of holds on a product start so, in each consuming domain's partition. */
  public static String holds(ProductName product) {
    return UnloggedDocuments.HOLDS + ofProduct(product);
  }

  /**
   * Rewritten with every change of a domain's tags and grants, so that its version tells of one.
   */
  public static Key policy(String domain) {
    return new Key(partition(domain), "policy");
  }

  /**
   * A tag that a domain defines: its key in lower case, or a hash of one that no registry key holds
   * as it is, which is longer than any key.
   */
  public static Key tagKey(String domain, String key) {
    boolean plain = key.chars().allMatch(c -> c >= 0x20 && c <= 0x7e);
    return new Key(partition(domain), TAG_KEYS + (plain ? key : "~" + sha256(key)));
  }

  /** The tags of a domain as a whole. */
  public static Key tags(String domain) {
    return new Key(partition(domain), "tags");
  }

  /** The tags of a product and of its columns. */
  public static Key tags(ProductName product) {
    return new Key(partition(product), "tags");
  }

  /** A grant on whatever carries some tags of a domain. */
  public static Key grant(String domain, String id) {
    return new Key(partition(domain), GRANTS + id);
  }

  /** A grant on a product. */
  public static Key grant(ProductName product, String id) {
    return new Key(partition(product), GRANTS + id);
  }

  /** What an account of a consuming domain hands on to its own. */
  public static Key regrant(String consumer, String id) {
    return new Key(partition(consumer), REGRANTS + id);
  }

  /** What others may carry out for a domain. */
  public static Key authorization(String domain, String id) {
    return new Key(partition(domain), AUTHORIZATIONS + id);
  }

  /** What others may carry out for the owner of a product. */
  public static Key authorization(ProductName product, String id) {
    return new Key(partition(product), AUTHORIZATIONS + id);
  }

  /** A link in a consuming domain's catalog. */
  public static Key link(String domain, LinkName name) {
    return new Key(
        partition(domain), LINKS + name.database() + name.table().map(t -> "/" + t).orElse(""));
  }

  /** Sort keys of requests to a domain start so, in each consuming domain's partition. */
  public static String requestsTo(String owner) {
    return REQUESTS + NameGrammar.storage(owner) + "/";
  }

  /** A request for access, in a partition of the consuming domain. */
  public static Key request(String partition, String owner, String id) {
    return new Key(partition, requestsTo(owner) + id);
  }

  /** Sort keys of decisions on a request start so, in the product's partition. */
  public static String decisions(String request) {
    return DECISIONS + request + "/";
  }

  /** What one person decided on a request. */
  public static Key decision(ProductName product, String request, Principal by) {
    return new Key(partition(product), decisions(request) + by);
  }

  /** What became of a request; nothing is decided on it after that. No principal is called so. */
  public static Key finalDecision(ProductName product, String request) {
    return new Key(partition(product), decisions(request) + "final");
  }

  /** What somebody was reminded of, of a request or of a grant. */
  public static Key reminder(String partition, String id) {
    return new Key(partition, REMINDERS + id);
  }

  private static String ofProduct(ProductName product) {
    return NameGrammar.storage(product.domain())
        + "."
        + NameGrammar.storage(product.product())
        + "/";
  }

  /** SHA-256 of a text as lower-case hex. */
  public static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
