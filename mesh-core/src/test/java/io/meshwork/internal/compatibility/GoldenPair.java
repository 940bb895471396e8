package io.meshwork.internal.compatibility;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.meshwork.internal.compatibility.SchemaComparison.TypePromotion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** A pair of schemas with its expected verdict. */
record GoldenPair(
    String id,
    String before,
    String after,
    String verdict,
    String reasonCode,
    boolean backward,
    boolean forward,
    String inPlace) {
  static Stream<GoldenPair> all() {
    try (InputStream file =
        GoldenPair.class.getResourceAsStream("/contracts/compat-vectors.json")) {
      JsonNode vectors = new ObjectMapper().readTree(file).path("vectors");
      return StreamSupport.stream(vectors.spliterator(), false).map(GoldenPair::of);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static GoldenPair of(JsonNode vector) {
    return new GoldenPair(
        vector.path("id").asText(),
        vector.path("old").toString(),
        vector.path("new").toString(),
        vector.path("verdict").asText(),
        vector.path("reasonCode").asText(),
        vector.path("avroBackward").asBoolean(),
        vector.path("avroForward").asBoolean(),
        vector.path("icebergInPlace").asText());
  }

  static String text(TypePromotion inPlace) {
    return inPlace == TypePromotion.NOT_APPLICABLE
        ? "n/a"
        : inPlace.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  @Override
  public String toString() {
    return id;
  }
}
