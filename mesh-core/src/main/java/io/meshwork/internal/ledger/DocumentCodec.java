package io.meshwork.internal.ledger;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.StoredValue.UnknownConstantException;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads and writes a record as a JSON object with one field for each component. Thread-safe.
 *
 * <p>Jackson's annotations say what differs: {@link JsonProperty} names the field, {@link
 * JsonUnwrapped} puts the fields of a nested record among the others, {@link JsonInclude} leaves
 * out a zero or an empty string too ({@code NON_DEFAULT}) or writes an empty collection ({@code
 * ALWAYS}), {@link JsonIgnore} leaves out any value, and a type with {@link JsonCreator} and {@link
 * JsonValue} is stored as another one. Jackson itself is not used to bind records, because it takes
 * ten times as long in a process that has just started.
 *
 * <p>Empty optionals and collections have no field. A field that is missing is read as an empty
 * optional, collection, or text, zero, or false. Sets and maps are sorted. A component that is the
 * {@link VersionedDocument} itself has no field.
 *
 * @param <R> the record
 */
public final class DocumentCodec<R extends Record> {
  private static final ClassValue<DocumentCodec<?>> CODECS =
      new ClassValue<>() {
        @Override
        protected DocumentCodec<?> computeValue(Class<?> type) {
          return new DocumentCodec<>(type.asSubclass(Record.class));
        }
      };

  private final Class<R> type;
  private final Constructor<R> constructor;
  private final List<Component> components;

  private DocumentCodec(Class<R> type) {
    this.type = type;
    RecordComponent[] declared = type.getRecordComponents();
    Class<?>[] parameters =
        Stream.of(declared).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      this.constructor = type.getDeclaredConstructor(parameters);
      this.constructor.setAccessible(true);
      List<Component> all = new ArrayList<>();
      for (RecordComponent component : declared) {
        Method accessor = component.getAccessor();
        accessor.setAccessible(true);
        Field field = Field.of(component, type.getDeclaredField(component.getName()));
        all.add(new Component(accessor, field));
      }
      this.components = List.copyOf(all);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " cannot be stored", e);
    }
  }

  /** Returns the codec of a type of records. */
  @SuppressWarnings("unchecked") // computeValue returns the codec of its argument
  public static <R extends Record> DocumentCodec<R> of(Class<R> type) {
    return (DocumentCodec<R>) CODECS.get(type);
  }

  /**
   * Reads a record.
   *
   * @throws io.meshwork.error.BackendException if a later version of Meshwork wrote a constant
   * @throws RuntimeException that the record, or the parser of one of its values, throws
   */
  public R read(JsonNode json) {
    try {
      return readNested(json);
    } catch (UnknownConstantException e) {
      throw StoredConstant.unknown("a document of the registry", e.text);
    }
  }

  /** Reads a record that is a part of another, whose document is named if a constant is unknown. */
  R readNested(JsonNode json) {
    return read(json, Optional.empty());
  }

  /**
   * Reads a record; a component that is a document is this one.
   *
   * @throws io.meshwork.error.BackendException if a later version of Meshwork wrote a constant
   */
  public R read(VersionedDocument document) {
    try {
      return read(document.json(), Optional.of(document));
    } catch (UnknownConstantException e) {
      throw StoredConstant.unknown("document '" + document.key() + "'", e.text);
    }
  }

  private R read(JsonNode json, Optional<VersionedDocument> document) {
    Object[] values = new Object[components.size()]; // not a stream: each poll reads three records
    for (int i = 0; i < values.length; i++) {
      values[i] = components.get(i).field.read(json, document);
    }
    return invoke(() -> constructor.newInstance(values));
  }

  /** Returns a record as a JSON object. */
  public ObjectNode write(R value) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    writeTo(json, value);
    return json;
  }

  /** Returns a record of any type as a new document. */
  public static ObjectNode document(Record value) {
    ObjectNode json = DocumentJson.create();
    set(json, value);
    return json;
  }

  /** Returns a record of any type as a JSON object. */
  public static ObjectNode toJson(Record value) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    set(json, value);
    return json;
  }

  /** Sets the fields of a record of any type, as {@link #writeTo}. */
  public static void set(ObjectNode json, Record value) {
    set(json, value.getClass(), value);
  }

  private static <R extends Record> void set(ObjectNode json, Class<R> type, Record value) {
    of(type).writeTo(json, type.cast(value));
  }

  /** Returns a record as a document; fields of the existing one that this type lacks remain. */
  public ObjectNode write(R value, Optional<VersionedDocument> existing) {
    ObjectNode json =
        existing.map(stored -> stored.json().deepCopy()).orElseGet(DocumentJson::create);
    writeTo(json, value);
    return json;
  }

  /** Sets the fields of a record, and removes the fields of its empty components. */
  public void writeTo(ObjectNode json, R value) {
    for (Component each : components) {
      each.field.write(json, invoke(() -> each.accessor.invoke(value)));
    }
  }

  /** Returns the fields, also of nested records that are not objects. */
  List<NamedField> fields() {
    return components.stream().flatMap(each -> each.field.named().stream()).toList();
  }

  @Override
  public String toString() {
    return "the codec of " + type.getName();
  }

  /** How one component is stored in the object of its record. */
  private sealed interface Field {
    static Field of(RecordComponent component, AnnotatedElement annotated) {
      Type type = component.getGenericType();
      if (type == VersionedDocument.class || annotated.isAnnotationPresent(JsonIgnore.class)) {
        return new UnstoredComponent(type == VersionedDocument.class, StoredValue.of(type));
      } else if (annotated.isAnnotationPresent(JsonUnwrapped.class)) {
        return UnwrappedRecord.of(type);
      }
      JsonProperty named = annotated.getAnnotation(JsonProperty.class);
      JsonInclude include = annotated.getAnnotation(JsonInclude.class);
      return new NamedField(
          named == null ? component.getName() : named.value(),
          StoredValue.of(type),
          include == null ? Include.NON_EMPTY : include.value());
    }

    Object read(JsonNode json, Optional<VersionedDocument> document);

    void write(ObjectNode json, Object component);

    List<NamedField> named();
  }

  /** A component that is a field. */
  record NamedField(String name, StoredValue value, Include include) implements Field {
    @Override
    public Object read(JsonNode json, Optional<VersionedDocument> document) {
      return value.read(json.path(name));
    }

    @Override
    public void write(ObjectNode json, Object component) {
      if ((include != Include.ALWAYS && value.isEmpty(component))
          || (include == Include.NON_DEFAULT && value.isZero(component))) {
        json.remove(name);
      } else {
        json.set(name, value.write(component));
      }
    }

    @Override
    public List<NamedField> named() {
      return List.of(this);
    }
  }

  /** A record whose fields are in the object of the record that contains it. */
  private record UnwrappedRecord(
      DocumentCodec<Record> codec, List<NamedField> named, boolean optional) implements Field {
    static UnwrappedRecord of(Type type) {
      return type instanceof ParameterizedType generic
          ? of(generic.getActualTypeArguments()[0], true)
          : of(type, false);
    }

    @SuppressWarnings("unchecked") // the codec only gets values of this component
    private static UnwrappedRecord of(Type type, boolean optional) {
      DocumentCodec<Record> codec = (DocumentCodec<Record>) CODECS.get((Class<?>) type);
      return new UnwrappedRecord(codec, codec.fields(), optional);
    }

    @Override
    public Object read(JsonNode json, Optional<VersionedDocument> document) {
      if (!optional) {
        return codec.read(json, document);
      }
      return isIn(json) ? Optional.of(codec.read(json, document)) : Optional.empty();
    }

    private boolean isIn(JsonNode json) {
      for (NamedField each : named) {
        if (json.has(each.name)) {
          return true;
        }
      }
      return false;
    }

    @Override
    public void write(ObjectNode json, Object component) {
      Object nested = component instanceof Optional<?> value ? value.orElse(null) : component;
      if (nested == null) {
        named.forEach(each -> json.remove(each.name));
      } else {
        codec.writeTo(json, (Record) nested);
      }
    }
  }

  /** The document that the record was read from, or a component that is never stored. */
  private record UnstoredComponent(boolean isDocument, StoredValue value) implements Field {
    @Override
    public Object read(JsonNode json, Optional<VersionedDocument> document) {
      return isDocument ? document.orElseThrow() : value.read(MissingNode.getInstance());
    }

    @Override
    public void write(ObjectNode json, Object component) {}

    @Override
    public List<NamedField> named() {
      return List.of();
    }
  }

  private record Component(Method accessor, Field field) {}

  /** A call by reflection, which passes on unchecked exceptions of what it calls. */
  interface Call<T> {
    T call() throws ReflectiveOperationException;
  }

  static <T> T invoke(Call<T> call) {
    try {
      return call.call();
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException("A stored value cannot be converted", e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("A stored value cannot be converted", e);
    }
  }
}
