using HyperVDash.Cim.Mmi;

namespace HyperVDash.Cim.Tests.Mmi;

public sealed class ObservedRowsTests : IDisposable
{
    private readonly CancellationTokenSource _operation = new();

    public void Dispose() => _operation.Dispose();

    [Fact]
    public async Task Everything_that_is_pushed_arrives_in_order_even_when_it_is_more_than_fits()
    {
        var source = new Pushing(Enumerable.Range(0, 5_000));

        var rows = await Follow(source, n => n * 2).ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal(Enumerable.Range(0, 5_000).Select(n => n * 2), rows);
    }

    [Fact]
    public async Task Source_runs_only_a_little_ahead_of_its_reader_and_stops_with_it()
    {
        var source = new Pushing(Enumerable.Range(0, 100_000));

        await foreach (int _ in Follow(source, n => n))
        {
            break;
        }

        await source.Ended.WaitAsync(TestContext.Current.CancellationToken);
        Assert.True(_operation.IsCancellationRequested);
        Assert.InRange(source.Pushed, 1, 1_000);
    }

    [Fact]
    public async Task Error_comes_after_the_rows_before_it()
    {
        var source = new Pushing([1, 2], new TimeoutException("late"));
        var seen = new List<int>();

        await Assert.ThrowsAsync<TimeoutException>(async () =>
        {
            await foreach (int row in Follow(source, n => n))
            {
                seen.Add(row);
            }
        });

        Assert.Equal([1, 2], seen);
    }

    [Fact]
    public async Task Item_that_cannot_be_converted_is_the_readers_error_and_never_the_sources()
    {
        var source = new Pushing([1, 2, 3]);

        await Assert.ThrowsAsync<FormatException>(() => Follow(source, n => n == 2 ? throw new FormatException() : n).ToListAsync(TestContext.Current.CancellationToken).AsTask());

        await source.Ended.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Null(source.Thrown);
    }

    [Fact]
    public async Task Cancelled_reader_stops_waiting_for_a_source_that_says_nothing()
    {
        var reading = ObservedRows.FollowAsync(new Silent(), (int n) => n, _operation, _operation.Token).ToListAsync(TestContext.Current.CancellationToken).AsTask();

        await _operation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    private IAsyncEnumerable<int> Follow(IObservable<int> source, Func<int, int> convert) =>
        ObservedRows.FollowAsync(source, convert, _operation, TestContext.Current.CancellationToken);

    private sealed class Silent : IObservable<int>, IDisposable
    {
        public IDisposable Subscribe(IObserver<int> observer) => this;

        public void Dispose()
        {
        }
    }

    /// <summary>Pushes from a thread of its own, as the native library does, until its subscription is gone.</summary>
    private sealed class Pushing(IEnumerable<int> items, Exception? end = null) : IObservable<int>, IDisposable
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private volatile bool _isStopped;

        public Task Ended => _ended.Task;

        public int Pushed { get; private set; }

        public Exception? Thrown { get; private set; }

        public IDisposable Subscribe(IObserver<int> observer)
        {
            new Thread(() => Push(observer)).Start();
            return this;
        }

        public void Dispose() => _isStopped = true;

        private void Push(IObserver<int> observer)
        {
            try
            {
                foreach (int item in items.TakeWhile(_ => !_isStopped))
                {
                    Pushed++;
                    observer.OnNext(item);
                }

                if (end is null)
                {
                    observer.OnCompleted();
                }
                else
                {
                    observer.OnError(end);
                }
            }
            catch (Exception thrown)
            {
                Thrown = thrown;
            }

            _ended.SetResult();
        }
    }
}
