package io.meshwork.internal.rights;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.internal.lakeformation.Resource.PolicyType;
import io.meshwork.internal.lakeformation.TagExpression;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.product.ProductName;
import java.util.Locale;

/** The target of a stored grant. Immutable. */
public sealed interface GrantTarget {
  @JsonCreator
  static GrantTarget of(JsonNode json) {
    Class<? extends Record> type = WholeDomain.class;
    if (json.has("product")) {
      type = OfProduct.class;
    } else if (json.has("where")) {
      type = ByTags.class;
    }
    return (GrantTarget) DocumentCodec.of(type).read(json);
  }

  /** Returns the target as the registry stores it. */
  @JsonValue
  default JsonNode json() {
    return DocumentCodec.toJson((Record) this);
  }

  /** Returns the domain that owns the data. */
  String domain();

  /** A product, or a part of it. */
  record OfProduct(ProductName product) implements GrantTarget {
    @Override
    public String domain() {
      return product.domain();
    }

    @Override
    public String toString() {
      return product.toString();
    }
  }

  /** All products of a domain, future ones included. */
  record WholeDomain(String domain) implements GrantTarget {
    @Override
    public String toString() {
      return "all of " + domain;
    }
  }

  /**
   * Everything in a domain that has some tags.
   *
   * @param type the domain itself, or its products
   */
  record ByTags(String domain, PolicyType type, TagExpression where) implements GrantTarget {
    @Override
    public String toString() {
      return type.name().toLowerCase(Locale.ROOT) + " of " + domain + " where " + where;
    }
  }
}
