package io.meshwork.hadoop;

import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.jspecify.annotations.Nullable;

/** Whether parquet-hadoop finds the classes of a codec, some of which are in other libraries. */
final class CodecCheck {
  /** What Hadoop's codec for LZ4 in its own blocks needs, and does not bring. */
  private static final String LZ4 = "net.jpountz.lz4.LZ4Factory";

  private CodecCheck() {}

  /** Throws if a class that a column's codec needs is not on the class path. */
  static void check(CompressionCodecName codec, String column, FileErrors errors) {
    String missing = missing(codec.getHadoopCompressionCodecClassName());
    if (missing == null && codec == CompressionCodecName.LZ4) {
      missing = missing(LZ4);
    }
    if (missing != null) {
      throw errors.malformed(
          "column "
              + column
              + " has the codec "
              + codec
              + ", which needs the class "
              + missing
              + ", and it is not on the class path",
          "Add the library with this class, or write the file again with another codec.",
          null);
    }
  }

  /** Returns the class if it is not on the class path; null if it is, or if none is needed. */
  private static @Nullable String missing(@Nullable String name) {
    if (name == null) {
      return null;
    }
    try {
      Class.forName(name, false, CodecCheck.class.getClassLoader());
      return null;
    } catch (ClassNotFoundException e) {
      return name;
    }
  }
}
