package io.meshwork.spark;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoSerializable;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.Serializable;
import java.io.UncheckedIOException;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.jspecify.annotations.Nullable;

/**
 * An object that is sent to a task or by one. Java serializes it, also in a session whose
 * serializer is Kryo, which does not support records.
 */
final class SentObject implements WriterCommitMessage, KryoSerializable {
  private static final long serialVersionUID = 1;

  private @Nullable Serializable object;

  /** For Kryo, which reads it afterwards. */
  SentObject() {}

  SentObject(@Nullable Serializable object) {
    this.object = object;
  }

  @Nullable Serializable get() {
    return object;
  }

  @Override
  public void write(Kryo kryo, Output out) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream objects = new ObjectOutputStream(bytes)) {
      objects.writeObject(object);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    out.writeInt(bytes.size());
    out.writeBytes(bytes.toByteArray());
  }

  @Override
  public void read(Kryo kryo, Input in) {
    ClassLoader loader = kryo.getClassLoader();
    try (ObjectInputStream objects =
        new ObjectInputStream(new ByteArrayInputStream(in.readBytes(in.readInt()))) {
          @Override
          protected Class<?> resolveClass(ObjectStreamClass described)
              throws IOException, ClassNotFoundException {
            try {
              return Class.forName(described.getName(), false, loader);
            } catch (ClassNotFoundException e) {
              return super.resolveClass(described);
            }
          }
        }) {
      object = (Serializable) objects.readObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("a class of a task is missing", e);
    }
  }
}
