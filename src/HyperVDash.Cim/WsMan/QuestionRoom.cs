namespace HyperVDash.Cim.WsMan;

/// <summary>
/// How many enumerations run at a time. Any number, until the host says that it is too many: then half of them, for ten minutes.
/// A host counts open enumerations of one account, over all tools, not requests.
/// </summary>
internal sealed class QuestionRoom(TimeProvider time)
{
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(10);

    // What is refused within the same moment is one crowd, and one reason to ask less.
    private static readonly TimeSpan Crowd = TimeSpan.FromSeconds(1);

    // A question asked inside another's answer must not wait for that other without end.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly Queue<TaskCompletionSource> _waiting = [];
    private int _running;
    private int _limit = int.MaxValue;
    private DateTimeOffset _until;

    public async Task EnterAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource? turn = null;
        lock (_gate)
        {
            if (_running < Limit())
            {
                _running++;
                return;
            }

            _waiting.Enqueue(turn = new(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        try
        {
            await turn.Task.WaitAsync(Patience, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException) when (turn.TrySetCanceled(CancellationToken.None))
        {
            lock (_gate)
            {
                _running++;
            }
        }
        catch (TimeoutException)
        {
            // Its turn came in the same moment, and counts already.
            return;
        }
        catch (OperationCanceledException)
        {
            if (!turn.TrySetCanceled(CancellationToken.None))
            {
                Leave();
            }

            throw;
        }
    }

    public void Leave()
    {
        lock (_gate)
        {
            _running--;
            while (_running < Limit() && _waiting.TryDequeue(out var next))
            {
                _running += next.TrySetResult() ? 1 : 0;
            }
        }
    }

    public void Halve()
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (Limit() != int.MaxValue && now - (_until - Pause) < Crowd)
            {
                return;
            }

            _limit = Math.Max(1, Math.Min(Limit(), _running) / 2);
            _until = now + Pause;
        }
    }

    private int Limit()
    {
        if (_limit != int.MaxValue && time.GetUtcNow() >= _until)
        {
            _limit = int.MaxValue;
        }

        return _limit;
    }
}
