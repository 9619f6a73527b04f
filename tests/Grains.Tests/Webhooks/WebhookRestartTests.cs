using Capacitor.Testing;
using Capacitor.Webhooks;

namespace Capacitor.Grains.Tests.Webhooks;

public sealed class WebhookRestartTests(WebhookSilo silo) : IClassFixture<WebhookSilo>
{
    [Fact]
    public async Task Restart_EventsWaited_PostsThemAllInOrderWithTheSameIds()
    {
        await using var receiver = await WebhookReceiver.StartAsync(ReceiverAnswers.Hang);
        var tenant = await silo.TenantAsync();
        await silo.Webhooks(tenant).CreateAsync(new NewWebhook { Url = receiver.Url.ToString(), Events = ["*"] });
        var sent = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            sent.Add(await silo.PublishAsync(tenant));
        }

        var cutOff = Assert.Single(await receiver.WaitForAsync(1));
        receiver.Answer = ReceiverAnswers.Status(200);
        await silo.RestartAsync();
        await silo.Webhooks(tenant).ListAsync(); // whatever activates the grain

        var received = await receiver.WaitForAsync(6);
        Assert.Equal(sent, received.Skip(1).Select(webhook => webhook.Id));
        Assert.Equal(cutOff.Body, received[1].Body);
    }

    [Fact]
    public async Task Restart_AChangeDidNotReachTheWebhook_TellsItAgain()
    {
        await using var old = await WebhookReceiver.StartAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        var tenant = await silo.TenantAsync();
        var webhook = await silo.Webhooks(tenant).CreateAsync(new NewWebhook { Url = receiver.Url.ToString(), Events = ["*"] });
        await silo.Grains.GetGrain<IWebhookGrain>("w/" + webhook.Id).ConfigureAsync(new WebhookSettings
        {
            Tenant = tenant,
            WebhookId = webhook.Id,
            Url = old.Url.ToString(),
            Events = ["*"],
            Delivering = true,
        });
        await silo.RestartAsync();

        // The first may still go the old way: telling runs beside the events.
        for (var sent = 1; sent <= 100 && receiver.Received.Count == 0; sent++)
        {
            await silo.PublishAsync(tenant);
            await Task.WhenAny(old.WaitForAsync(sent), receiver.WaitForAsync(1));
        }

        Assert.NotEmpty(receiver.Received);
    }
}
