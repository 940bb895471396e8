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
 * in one of the {@link Field}s. Conditions add up. Nothing is read before {@link #results()}. Not
 * thread-safe.
 */
public interface Search {
  /** Limits the search to the products of a domain. */
  Search domain(String domain);

  /** Limits the search to products with a tag: their own, their domain's, or a column's. */
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
   * @param hits the requested hits
   * @param unreachable the catalogs that could not be read
   */
  record Result(int total, List<Hit> hits, List<String> unreachable) {
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
   * @param tags its tags and its domain's
   * @param score 100 if the text is the full name, plus the weight of each field that matches
   * @param matchingColumns the top-level columns that match, in their order
   * @param matches where a word was found, in the product first, then by column
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
      List<String> matchingColumns,
      List<Match> matches) {
    public Hit {
      tags = Collections.unmodifiableMap(new TreeMap<>(tags));
      matchingColumns = List.copyOf(matchingColumns);
      matches = List.copyOf(matches);
    }
  }

  /**
   * A text with a word of the search.
   *
   * @param field what the text is
   * @param column the column that it describes, with the path of a nested one, or the measure or
   *     dimension; empty if it describes the product
   * @param text the text
   */
  record Match(Field field, String column, String text) {}

  /**
   * Where a word can be found. The fields from {@link #SYNONYM} to {@link #CONTEXT} are in the ODCS
   * document that a contract retains.
   */
  enum Field {
    /** The name of the product; weight 8. */
    NAME,
    /** A tag of the product, its domain, or a column, or of an ODCS document; weight 4. */
    TAG,
    /** The name of a column; weight 3. */
    COLUMN,
    /** The description of the product; weight 2. */
    DESCRIPTION,
    /** The description of a column; weight 1. */
    COLUMN_DESCRIPTION,
    /** Another word for the product or a column; weight 3. */
    SYNONYM,
    /** A business name, or the name of the document or its object; weight 3. */
    BUSINESS_NAME,
    /** The name of a measure or a dimension, which is not a column; weight 3. */
    MEASURE,
    /** The label or the description of a value of a column; weight 1. */
    VALUE,
    /** The type, the URL, or the description of an authoritative definition; weight 1. */
    DEFINITION,
    /** Guidance for AI tools: instructions, verified statements, and constraints; weight 1. */
    CONTEXT
  }
}
