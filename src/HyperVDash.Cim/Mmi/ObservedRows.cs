using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace HyperVDash.Cim.Mmi;

/// <summary>Turns what an observable pushes on threads of its own into a stream that waits for its reader.</summary>
internal static class ObservedRows
{
    private const int Ahead = 256;

    /// <summary>
    /// Follows the source to its end. The source is slowed down when the reader is; a reader that stops cancels <paramref name="operation"/>,
    /// on which the source's own work must hang.
    /// </summary>
    /// <param name="convert">Runs on the source's thread, while the item is still alive.</param>
    public static async IAsyncEnumerable<TRow> FollowAsync<TItem, TRow>(
        IObservable<TItem> source, Func<TItem, TRow> convert, CancellationTokenSource operation, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<TRow>(new BoundedChannelOptions(Ahead) { SingleReader = true, SingleWriter = true });
        using var subscription = source.Subscribe(new Writer<TItem, TRow>(channel.Writer, convert, operation.Token));
        try
        {
            while (await channel.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            {
                while (channel.Reader.TryRead(out var row))
                {
                    yield return row;
                }
            }
        }
        finally
        {
            await operation.CancelAsync().ConfigureAwait(false);
        }
    }

    private sealed class Writer<TItem, TRow>(ChannelWriter<TRow> writer, Func<TItem, TRow> convert, CancellationToken stopped) : IObserver<TItem>
    {
        public void OnNext(TItem value)
        {
            try
            {
                var row = convert(value);
                if (!writer.TryWrite(row))
                {
                    // The source has a thread for us to hold; the native side sends nothing more until it is back.
                    writer.WriteAsync(row, stopped).AsTask().GetAwaiter().GetResult();
                }
            }
            catch (Exception broken)
            {
                // An exception must not reach the native frames below; the reader gets it.
                writer.TryComplete(broken);
            }
        }

        public void OnError(Exception error) => writer.TryComplete(error);

        public void OnCompleted() => writer.TryComplete();
    }
}
