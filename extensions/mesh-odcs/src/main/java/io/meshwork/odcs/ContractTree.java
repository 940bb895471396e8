package io.meshwork.odcs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.contract.Contract;
import io.meshwork.odcs.internal.document.TreeCodec;
import io.meshwork.odcs.internal.document.YamlNode;
import io.meshwork.odcs.internal.document.YamlReader;
import io.meshwork.odcs.internal.document.YamlWriter;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;

/** The canonical JSON of contracts, and the documents that they store among their extensions. */
final class ContractTree {
  private static final String EXTENSIONS = "extensions";
  private static final String KEY = "odcs";
  private static final String PRODUCT = "odps";
  private static final String SEARCH_TERMS = "searchTerms";
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private ContractTree() {}

  static ObjectNode of(Contract contract) {
    return object(contract.toJson());
  }

  /** Returns a contract with the fields of another record. */
  static ObjectNode withFields(Contract contract, Schema columns) {
    ObjectNode tree = of(contract);
    tree.withObject("schema").set("fields", object(columns.toString()).path("fields"));
    return tree;
  }

  private static ObjectNode object(String json) {
    try {
      return (ObjectNode) JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("contracts and schemas of Avro are JSON", e);
    }
  }

  /** The document that a contract stores. */
  static Optional<YamlNode> document(Contract contract) {
    JsonNode document = of(contract).path(EXTENSIONS).path(KEY);
    if (document.isTextual()) {
      return Optional.of(YamlReader.readAgain(document.textValue()));
    }
    return document.isObject() ? Optional.of(TreeCodec.decoded(document)) : Optional.empty();
  }

  /** Returns a contract that stores a document, and what a search finds of it. */
  static Contract with(Contract contract, YamlNode document) {
    ObjectNode tree = of(contract);
    String text = YamlWriter.of(document);
    ObjectNode extensions = tree.withObject(EXTENSIONS).put(KEY, text);
    extensions.remove(SEARCH_TERMS);
    ArrayNode terms = QuotedTerms.of(SearchTerms.of(document), KEY, text);
    if (!terms.isEmpty()) {
      extensions.set(SEARCH_TERMS, terms);
    }
    return Contract.fromJson(tree.toString());
  }

  /** The document of ODPS that a contract stores for its product. */
  static Optional<YamlNode> product(Contract contract) {
    JsonNode document = of(contract).path(EXTENSIONS).path(PRODUCT);
    return document.isTextual()
        ? Optional.of(YamlReader.readAgain(document.textValue()))
        : Optional.empty();
  }

  /** Returns a contract that stores the document of its product, and what a search finds of it. */
  static Contract withProduct(Contract contract, YamlNode document) {
    ObjectNode tree = of(contract);
    String text = YamlWriter.of(document);
    ObjectNode extensions = tree.withObject(EXTENSIONS).put(PRODUCT, text);
    QuotedTerms.of(SearchTerms.ofProduct(document), PRODUCT, text)
        .forEach(extensions.withArray(SEARCH_TERMS)::add);
    return Contract.fromJson(tree.toString());
  }

  /** Returns a contract that stores no document. */
  static Contract without(Contract contract) {
    ObjectNode tree = of(contract);
    JsonNode extensions = tree.path(EXTENSIONS);
    if (!extensions.has(KEY) && !extensions.has(PRODUCT)) {
      return contract;
    }
    tree.withObject(EXTENSIONS).remove(List.of(KEY, PRODUCT, SEARCH_TERMS));
    if (tree.path(EXTENSIONS).isEmpty()) {
      tree.remove(EXTENSIONS);
    }
    return Contract.fromJson(tree.toString());
  }
}
