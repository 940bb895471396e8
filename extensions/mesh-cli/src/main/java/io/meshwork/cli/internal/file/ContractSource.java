package io.meshwork.cli.internal.file;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.meshwork.cli.internal.shell.StandardInput;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.contract.Contract;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.MeshException;
import io.meshwork.odcs.OdcsDocument;
import io.meshwork.product.ContractVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A contract file: an ODCS document, which may have several objects, or the contract of one table.
 *
 * @param name the file as it was named
 * @param text its text; empty if it is not text
 * @param document the document if it is ODCS
 * @param contract the contract if it is not ODCS
 * @param refusal what a strict reader of ODCS refuses, if it was asked; null if nothing
 */
public record ContractSource(
    String name,
    String text,
    @Nullable OdcsDocument document,
    @Nullable Contract contract,
    @Nullable MeshException refusal) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> TEXTS = List.of(".yaml", ".yml", ".json", ".avsc");
  private static final Pattern STATES_ODCS = Pattern.compile("\"apiVersion\"\\s*:");

  /**
   * Reads a file.
   *
   * @param name a path, or {@code -}
   * @param in standard input
   * @param strict asks a strict reader too
   * @throws io.meshwork.error.MeshException if it is not a contract
   * @throws io.meshwork.cli.internal.shell.UsageException if it cannot be read
   */
  public static ContractSource read(String name, InputStream in, boolean strict) {
    try (InputFile input = InputFile.of(name, 1, in)) {
      ContractSource lenient = parse(described(name), input.path());
      return strict && lenient.document != null ? lenient.refused(input.path()) : lenient;
    }
  }

  private ContractSource refused(Path path) {
    try {
      if (isCopy(name, path)) {
        OdcsDocument.parseStrictly(text);
      } else {
        OdcsDocument.readStrictly(path);
      }
      return this;
    } catch (MeshException e) {
      return new ContractSource(name, text, document, contract, e);
    }
  }

  /** True for the copy of a pipe, whose name says nothing. */
  private static boolean isCopy(String name, Path path) {
    return name.equals(StandardInput.NAME) || !path.equals(Path.of(name));
  }

  /** Returns how messages name a file. */
  public static String described(String name) {
    return StandardInput.isNamed(name) ? StandardInput.NAME : name;
  }

  /** Returns the text of a file that can be read again; else an empty one. */
  public static String textAgain(String name) {
    Path path = Path.of(name);
    return Files.isRegularFile(path) && !isBinary(path) ? InputFile.text(path) : "";
  }

  private static boolean isBinary(Path file) {
    return ends(file, ".parquet") || ends(file, ".avro");
  }

  private static ContractSource parse(String name, Path path) {
    boolean isCopy = isCopy(name, path);
    if (ends(path, ".parquet") || (isCopy && isParquet(name, path))) {
      return new ContractSource(name, "", null, Contract.fromParquet(path), null);
    } else if (ends(path, ".avro")) {
      return new ContractSource(name, "", null, Contract.fromAvro(path), null);
    }
    if (!isCopy && TEXTS.stream().noneMatch(ending -> ends(path, ending))) {
      throw Failure.of(MeshAction.of(Verb.READ, "contract file " + name))
          .because("its name ends with none of .yaml, .yml, .json, .avsc, .avro, and .parquet")
          .fix("Name a contract: ODCS, the JSON of a contract, or a file whose schema it has.")
          .invalidRequest(ErrorCode.CONTRACT_INVALID);
    }
    String text = InputFile.text(path);
    if (ends(path, ".avsc") || (isCopy && isAvroSchema(text))) {
      return new ContractSource(name, text, null, Contract.fromAvro(path), null);
    }
    boolean isOdcs = !text.stripLeading().startsWith("{") || STATES_ODCS.matcher(text).find();
    if (!isOdcs) {
      return new ContractSource(name, text, null, Contract.fromJson(text), null);
    }
    return new ContractSource(
        name, text, isCopy ? OdcsDocument.parse(text) : OdcsDocument.read(path), null, null);
  }

  private static boolean isParquet(String name, Path copy) {
    try {
      return DetectedFormat.isParquet(copy);
    } catch (IOException e) {
      throw new UsageException("Cannot read " + name + ": " + e.getMessage() + ".");
    }
  }

  /** True for a schema of a record, whose type a contract and an ODCS document do not have. */
  private static boolean isAvroSchema(String text) {
    try {
      return JSON.readTree(text).path("type").asText().equals("record");
    } catch (JacksonException e) {
      return false;
    }
  }

  private static boolean ends(Path file, String ending) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(ending);
  }

  /** Returns the version that the file states, if it has the form of a version. */
  public Optional<ContractVersion> version() {
    try {
      return Optional.ofNullable(document).map(OdcsDocument::version).map(ContractVersion::parse);
    } catch (InvalidRequestException e) {
      return Optional.empty();
    }
  }

  /**
   * Returns the document of one object.
   *
   * @throws UsageException if the object does not exist
   */
  OdcsDocument object(String object) {
    List<String> names = document == null ? List.of() : document.objectNames();
    if (document == null || !names.contains(object)) {
      throw new UsageException(
          "The file "
              + described(name)
              + " has no object '"
              + object
              + "'. "
              + (names.isEmpty() ? "Omit --object." : "It has: " + String.join(", ", names) + "."));
    }
    return document.divided().get(names.indexOf(object));
  }

  /**
   * Returns the contracts by the names of their objects; a single contract has no name.
   *
   * @throws InvalidRequestException if an object cannot be a contract
   */
  public Map<String, Contract> contracts() {
    if (document == null) {
      return Map.of("", Objects.requireNonNull(contract));
    }
    List<String> names = document.objectNames();
    List<OdcsDocument> objects = document.divided();
    Map<String, Contract> contracts = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      contracts.put(names.size() == 1 ? "" : names.get(i), objects.get(i).contract());
    }
    return contracts;
  }
}
