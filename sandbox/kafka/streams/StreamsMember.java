import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;

/** A member of a Streams group (KIP-1071) that reads a topic and keeps no state. Arguments: bootstrap, group, topic, state folder. */
public final class StreamsMember {
    public static void main(String[] args) {
        Properties config = new Properties();
        config.put("bootstrap.servers", args[0]);
        config.put("application.id", args[1]);
        config.put("state.dir", args[3]);
        config.put("group.protocol", "streams");
        config.put("auto.offset.reset", "earliest");
        config.put("commit.interval.ms", "500");
        StreamsBuilder topology = new StreamsBuilder();
        topology.stream(args[2], Consumed.with(Serdes.ByteArray(), Serdes.ByteArray())).foreach((key, value) -> { });
        new KafkaStreams(topology.build(), config).start();
    }
}
