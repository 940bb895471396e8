package io.meshwork.internal.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.ReferencedClassObject;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import io.meshwork.internal.catalog.PositionEntry;
import io.meshwork.internal.event.EventDetails.RightsCommit;
import io.meshwork.internal.ledger.DocumentCodec.NamedField;
import io.meshwork.internal.ledger.StoredValue.ConvertedValue;
import io.meshwork.internal.ledger.StoredValue.Elements;
import io.meshwork.internal.ledger.StoredValue.Fields;
import io.meshwork.internal.ledger.StoredValue.NestedRecord;
import io.meshwork.internal.ledger.StoredValue.Present;
import io.meshwork.internal.ledger.StoredValue.Simple;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The fields of all records of mesh-core that the codec stores, as documents and log entries, one
 * line of {@code stored-fields.txt} for each: the type, the name in the JSON, the kind of the
 * value, and whether the JSON can lack it. A field that is missing is read as an empty one, so
 * under another name an old grant would have no columns, and give all of them.
 */
class StoredFieldsTest {
  private static final String WRITE = "mesh.stored.fields.write";
  private static final String ROOT = "io.meshwork.";

  /** Types that classes with a codec name for another reason. */
  private static final Set<Class<?>> WITHOUT_CODEC =
      Set.of(RightsCommit.class, VersionedDocument.class);

  private static final Path FILE =
      Path.of(System.getProperty("basedir", ""), "src/test/resources/stored-fields.txt");

  private final Set<String> lines = new TreeSet<>();
  private final Set<Class<?>> listed = new HashSet<>();

  @Test
  void aStoredNameNeverChanges() throws IOException, URISyntaxException {
    List<String> before = Files.readAllLines(FILE);
    List<Class<?>> found = typesOfCodecs().toList();
    assertThat(found).contains(PositionEntry.class);
    found.forEach(this::list);
    parts(before).forEach(this::list);
    List<String> added = minus(lines, before);
    if (Boolean.getBoolean(WRITE)) {
      Files.write(FILE, Stream.concat(before.stream(), added.stream()).sorted().toList());
      added = List.of();
    }

    assertThat(minus(before, lines))
        .as(
            "Fields of %s that are stored in meshes and that this build would not read: keep the"
                + " name of each with @JsonProperty(\"name\"), or read the old form too and test"
                + " it. If the type only has another name, or the old values are read the same,"
                + " delete the line.",
            FILE.getFileName())
        .isEmpty();
    assertThat(added)
        .as(
            "Fields that %s lacks: from the next release their names never change. If they are as"
                + " they shall stay, run the test %s with -D%s=true and commit the file.",
            FILE.getFileName(), getClass().getSimpleName(), WRITE)
        .isEmpty();
  }

  /** The records that classes with a codec name, such as {@code DocumentCodec.of(X.class)}. */
  private static Stream<Class<?>> typesOfCodecs() throws URISyntaxException {
    Path classes =
        Path.of(DocumentCodec.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    return new ClassFileImporter()
        .withImportOption(StoredFieldsTest::hasCodec).importPath(classes).stream()
            .flatMap(type -> type.getReferencedClassObjects().stream())
            .map(ReferencedClassObject::getRawType)
            .filter(type -> type.isRecord() && type.getName().startsWith(ROOT))
            .<Class<?>>map(JavaClass::reflect)
            .filter(type -> !WITHOUT_CODEC.contains(type));
  }

  /** The names of the classes that a class uses are plain text in its file. */
  private static boolean hasCodec(Location file) {
    try (InputStream in = file.asURI().toURL().openStream()) {
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1)
          .contains(DocumentCodec.class.getName().replace('.', '/'));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The types of the file; some are only written, and another type or a path reads them. */
  private static Stream<Class<?>> parts(List<String> before) {
    return before.stream()
        .map(line -> ROOT + line.split(" ", 2)[0])
        .distinct()
        .flatMap(
            name -> {
              try {
                return Stream.of(Class.forName(name));
              } catch (ClassNotFoundException e) {
                return Stream.empty(); // its lines are missing in what is listed
              }
            });
  }

  private void list(Class<?> type) {
    if (type.isEnum() && listed.add(type)) {
      StoredValue value = StoredValue.of(type);
      for (Object constant : type.getEnumConstants()) {
        lines.add(name(type) + " " + value.write(constant).asText() + " constant");
      }
    } else if (!(StoredValue.of(type) instanceof Simple) && listed.add(type)) {
      for (NamedField field : DocumentCodec.of(type.asSubclass(Record.class)).fields()) {
        String kind = kind(field.value());
        boolean canLack =
            field.include() == Include.NON_DEFAULT
                || (field.include() != Include.ALWAYS && kind.matches("(Optional|List|Map).*"));
        lines.add(
            name(type) + " " + field.name() + " " + kind + (canLack ? " optional" : " always"));
      }
    }
  }

  private String kind(StoredValue value) {
    if (value instanceof Present optional) {
      return "Optional<" + kind(optional.element()) + ">";
    } else if (value instanceof Elements list) {
      return "List<" + kind(list.element()) + ">";
    } else if (value instanceof Fields map) {
      return "Map<" + kind(map.key()) + "," + kind(map.element()) + ">";
    } else if (value instanceof ConvertedValue converted) {
      return kind(converted.stored());
    }
    Class<?> type = value instanceof NestedRecord nested ? nested.type() : ((Simple) value).type();
    list(type);
    return name(type);
  }

  private static String name(Class<?> type) {
    return type.getName().startsWith(ROOT)
        ? type.getName().substring(ROOT.length())
        : type.getSimpleName();
  }

  private static List<String> minus(Collection<String> lines, Collection<String> others) {
    return lines.stream().filter(line -> !others.contains(line)).toList();
  }
}
