using System.Runtime.CompilerServices;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;

namespace HyperVDash.Agent.Targets;

/// <summary>
/// Lets the first questions of a read go one by one until the host has answered anything. If the account is refused, the others get the same answer without
/// being asked, because thirty questions with a wrong password lock an account out; and so they do after two without any answer, because thirty time limits are half an hour.
/// An account that is refused after it was accepted is tried once more, by one question alone: its password may have been changed in the middle.
/// </summary>
internal sealed class CautiousSession(ICimSession session) : ICimSession
{
    private const int Patience = 2;
    private const int MaxRefusals = 2;

    private readonly SemaphoreSlim _first = new(1);
    private volatile bool _hasAnswered;
    private volatile CimException? _end;
    private volatile bool _isSpent;
    private int _silences;

    // The read asked one question alone, and nothing could be reached.
    private volatile bool _isDeaf;
    private int _refusals;

    public string Target => session.Target;

    /// <summary>The account was refused in this read.</summary>
    public bool IsSignInRefused => _end is { IsSignIn: true };

    /// <summary>Nothing could be reached in this read.</summary>
    public bool IsUnreachable => _end is { Kind: CimErrorKind.Unreachable } || _isDeaf;

    /// <summary>The session is to be opened anew: an account was refused, at first or in the middle, and what the session remembers of that must not stand in for the next try.</summary>
    public bool IsSpent
    {
        get => _isSpent;
        set => _isSpent = value;
    }

    /// <summary>Before each read: what was learned in the one before may no longer hold.</summary>
    public void Forget()
    {
        _hasAnswered = false;
        _end = null;
        _isDeaf = false;
        (_silences, _refusals) = (0, 0);
    }

    public async IAsyncEnumerable<CimRow> QueryAsync(CimQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var rows = session.QueryAsync(query, cancellationToken).GetAsyncEnumerator(cancellationToken);
        for (bool isMore = await AskAsync(() => rows.MoveNextAsync().AsTask(), cancellationToken).ConfigureAwait(false); isMore; isMore = await GoOnAsync(() => rows.MoveNextAsync().AsTask()).ConfigureAwait(false))
        {
            yield return rows.Current;
        }
    }

    /// <exception cref="InvalidOperationException">The method is not one of those that only read.</exception>
    public async Task<CimReply> InvokeAsync(CimCall call, CancellationToken cancellationToken)
    {
        ReadOnlyMethods.Check(call);
        return await AskAsync(() => session.InvokeAsync(call, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    private async Task<T> AskAsync<T>(Func<Task<T>> ask, CancellationToken cancellationToken)
    {
        if (!_hasAnswered)
        {
            await _first.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                ThrowIfEnded();
                if (!_hasAnswered)
                {
                    return await AskFirstAsync(ask).ConfigureAwait(false);
                }
            }
            finally
            {
                _first.Release();
            }
        }

        return await GoOnAsync(ask).ConfigureAwait(false);
    }

    /// <summary>A question, or the rest of its answer, to a host that has answered.</summary>
    private async Task<T> GoOnAsync<T>(Func<Task<T>> ask)
    {
        ThrowIfEnded();
        try
        {
            var answer = await ask().ConfigureAwait(false);
            _refusals = 0;
            return answer;
        }
        catch (CimException refused) when (refused.IsSignIn)
        {
            NoteRefusal(refused);
            throw;
        }
    }

    private void ThrowIfEnded()
    {
        if (_end is { } end)
        {
            throw new CimException(end.Kind, end.Message, end.Code, end);
        }
    }

    private void NoteRefusal(CimException refused)
    {
        _isSpent = true;
        // Whoever asks next asks alone, and whoever is on the way already counts.
        if (Interlocked.Increment(ref _refusals) >= MaxRefusals)
        {
            _end = refused;
        }

        _hasAnswered = false;
    }

    private async Task<T> AskFirstAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            var answer = await ask().ConfigureAwait(false);
            _refusals = 0;
            _hasAnswered = true;
            _isDeaf = false;
            return answer;
        }
        catch (CimException failed)
        {
            bool isSilence = failed.Kind is CimErrorKind.Timeout or CimErrorKind.Unreachable;
            _isDeaf = failed.Kind is CimErrorKind.Unreachable;
            if (failed.IsSignIn || (isSilence && ++_silences >= Patience))
            {
                _end = failed;
                _isSpent |= failed.IsSignIn;
            }
            else
            {
                // One class may hang while the host is well; a fault of any other kind is an answer.
                _hasAnswered = !isSilence;
            }

            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _first.Dispose();
        await session.DisposeAsync().ConfigureAwait(false);
    }
}
