package io.meshwork.discovery;

import io.meshwork.card.Health;
import io.meshwork.product.Classification;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A search for products by words and conditions. All words must match, each the beginning of a word
 * of the name, the tags, the columns, or the descriptions. Conditions add up. Nothing is read
 * before {@link #results()}. Not thread-safe.
 */
public interface Search {
  /** Limits the search to the products of a domain. */
  Search domain(String domain);

  /**
   * Limits the search to products with a tag: their own, that of their domain, or one of a column.
   */
  Search tag(String key, String value);

  /** Limits the search to products whose classification is at most this one. */
  Search maxClassification(Classification classification);

  /** Limits the search to products with a top-level column of this name, in any case. */
  Search column(String column);

  /** Limits the search to products with this contact as owner, in any case. */
  Search owner(String contact);

  /** Omits the first hits. Default: 0. */
  Search offset(int hits);

  /** Limits the number of hits. Default: 50. */
  Search limit(int hits);

  /**
   * Searches.
   *
   * @return the hits, best first; retired products are last, and equals are ordered by name
   * @throws io.meshwork.error.BackendException if the registry cannot be read; the catalogs of a
   *     federated mesh that cannot be read are named in the result
   */
  Result results();

  /**
   * What was found.
   *
   * @param total the number of all products that match
   * @param hits those that were asked for
   * @param unreachable the catalogs that could not be read
   */
  record Result(int total, List<Hit> hits, List<String> unreachable) {
    /** Copies the lists. */
    public Result {
      hits = List.copyOf(hits);
      unreachable = List.copyOf(unreachable);
    }
  }

  /**
   * A product that was found.
   *
   * @param product its name
   * @param version its current contract version
   * @param retired true if consumers cannot read it
   * @param status its status
   * @param description its description; empty if there is none
   * @param owner the contact of its owner
   * @param classification its sensitivity
   * @param tags its tags, with those of its domain
   * @param score the sum of the weights of what matches: full name 100, name 8, tag 4, column 3,
   *     description 2, description of a column 1
   * @param matchingColumns the columns that match, in their order
   */
  record Hit(
      ProductName product,
      ContractVersion version,
      boolean retired,
      Health.Status status,
      String description,
      String owner,
      Classification classification,
      Map<String, String> tags,
      int score,
      List<String> matchingColumns) {
    /** Copies the collections. */
    public Hit {
      tags = Collections.unmodifiableMap(new TreeMap<>(tags));
      matchingColumns = List.copyOf(matchingColumns);
    }
  }
}
