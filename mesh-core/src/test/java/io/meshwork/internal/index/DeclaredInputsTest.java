package io.meshwork.internal.index;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.index.DeclaredInputs.DeclaredInput;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.registry.Registry.Transaction;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DeclaredInputsTest {
  private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
  private static final String LONG_NAME = "x".repeat(60);

  /** The details of a publish that derives each of its columns from those of some inputs. */
  private static ObjectNode publish(int inputs, int columns) {
    ObjectNode details = JsonNodeFactory.instance.objectNode();
    details.put("major", 1).put("rowsAccepted", 1);
    ArrayNode derived = details.putArray("derivedFrom");
    for (int i = 0; i < inputs; i++) {
      ObjectNode input = derived.addObject();
      input.put("product", "sales/input-" + i).put("contractVersion", "1.0.0");
      ArrayNode pairs = input.putArray("columns");
      for (int c = 0; c < columns - i; c++) {
        pairs.add("total" + c + "=" + LONG_NAME + c);
      }
    }
    return details;
  }

  @Test
  void aFewInputsKeepAllTheirColumns() {
    DeclaredInputs stated = DeclaredInputs.NONE.with(publish(2, 300), 1, NOON);
    assertThat(stated.at(NOON))
        .extracting(input -> input.columns().size())
        .containsExactly(300, 299);
  }

  @Test
  void ofManyWideInputsSomeCountAsWholesSoThatTheDocumentFitsItsLimit() {
    DeclaredInputs stated = DeclaredInputs.NONE;
    for (int hour = 0; hour < 3; hour++) {
      stated = stated.with(publish(40, 500), 1, NOON.plusSeconds(3_600L * hour));
    }

    ObjectNode document = DocumentCodec.toJson(stated);
    assertThat(document.toString().getBytes(StandardCharsets.UTF_8))
        .hasSizeLessThan(Transaction.MAX_DOCUMENT_BYTES);
    assertThat(stated.at(NOON)).as("no input is lost").hasSize(40);
    assertThat(stated.at(NOON)).extracting(DeclaredInput::columns).anyMatch(each -> each.isEmpty());
    assertThat(stated.at(NOON))
        .extracting(DeclaredInput::columns)
        .anyMatch(each -> each.size() > 400);
    assertThat(stated.covers(DeclaredInputs.NONE.with(publish(40, 500), 1, NOON), NOON)).isTrue();
  }
}
